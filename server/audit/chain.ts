import { hash as digest } from 'node:crypto'

/** What the first record of every chain follows. */
export const genesis = '0'.repeat(64)

/** JSON in the one form that is hashed: keys sorted, nothing undefined, no spaces. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isPlain(part) ? sorted(part) : part))
}

const isPlain = (part: unknown): part is Record<string, unknown> =>
  typeof part === 'object' && part !== null && !Array.isArray(part)

/** The same entries in the order of their keys. */
export const sorted = (part: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))

/** The hash of a record: over the hash before it and its own canonical body. */
export const hashOf = (previousHash: string, body: string) =>
  digest('sha256', previousHash + body, 'hex')

/** Where a chain stands. */
export interface Head {
  readonly sequence: number
  readonly hash: string
}

export interface Link {
  readonly writer: string
  readonly sequence: number
  readonly body: string
  readonly previousHash: string
  readonly hash: string
}
