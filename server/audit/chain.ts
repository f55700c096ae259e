import { createHash } from 'node:crypto'

/** What the first record of every chain follows. */
export const genesis = '0'.repeat(64)

/** JSON in the one form that is hashed: keys sorted, nothing undefined, no spaces. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isPlain(part) ? sorted(part) : part))
}

const isPlain = (part: unknown): part is Record<string, unknown> =>
  typeof part === 'object' && part !== null && !Array.isArray(part)

const sorted = (part: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))

/** The hash of a record: over the hash before it and its own canonical body. */
export const hashOf = (previousHash: string, body: string) =>
  createHash('sha256').update(previousHash).update(body).digest('hex')

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

/** The record after `head`: its body names its own place, so that it cannot be moved. */
export function link(head: Head, writer: string, content: Readonly<Record<string, unknown>>): Link {
  const sequence = head.sequence + 1
  const body = canonical({ ...content, writer, sequence })
  return { writer, sequence, body, previousHash: head.hash, hash: hashOf(head.hash, body) }
}
