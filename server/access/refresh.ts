import { createHmac, timingSafeEqual } from 'node:crypto'

/** A refresh token names its session and generation; nothing of it is stored but the key of its mac. */
export interface RefreshToken {
  readonly sessionId: string
  readonly generation: number
  readonly mac: Buffer
}

const pattern = /^ghr_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(0|[1-9]\d{0,8})\.([\w-]{43})$/

export function parseRefreshToken(token: string): RefreshToken | undefined {
  const [, sessionId, generation, mac] = pattern.exec(token) ?? []
  if (sessionId === undefined || generation === undefined || mac === undefined) return undefined
  return { sessionId, generation: Number(generation), mac: Buffer.from(mac, 'base64url') }
}

/** The same generation always has the same token: that is how a retry gets the same successor. */
export const writeRefreshToken = (sessionId: string, generation: number, secret: string): string =>
  `ghr_${sessionId}.${generation}.${macOf(sessionId, generation, secret).toString('base64url')}`

export const isGenuine = ({ sessionId, generation, mac }: RefreshToken, secret: string): boolean =>
  timingSafeEqual(mac, macOf(sessionId, generation, secret))

const macOf = (sessionId: string, generation: number, secret: string) =>
  createHmac('sha256', secret).update(`${sessionId}.${generation}`).digest()

/** How long an answer that got lost on its way may be asked for again. */
const graceMilliseconds = 30_000

/** What a presented generation means for its session. */
export type Presented = 'current' | 'retry' | 'reuse' | 'unknown'

export function judgeGeneration(
  presented: number,
  session: { readonly generation: number; readonly rotatedAt: Date | null },
  now: number,
): Presented {
  if (presented === session.generation) return 'current'
  // Only a database that was put back in time knows less than a token that it signed.
  if (presented > session.generation) return 'unknown'
  const isPredecessor = presented === session.generation - 1
  const age = now - (session.rotatedAt?.getTime() ?? 0)
  return isPredecessor && age <= graceMilliseconds ? 'retry' : 'reuse'
}
