import { createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT } from 'jose'
import { AppError } from '../contract/errors.ts'
import type { Audience } from './identity.ts'

/** What an access token says once its signature, purpose and times are found right. */
export interface Claims {
  readonly personId: string
  readonly sessionId: string
  readonly generation: number
}

export interface Tokens {
  sign(claims: Claims & { audience: Audience; expiresAt: Date }): Promise<string>
  /** Synchronous while remembered. @throws AppError unauthenticated */
  verify(token: string, audience: Audience): Claims | Promise<Claims>
  /** When an access token that is signed now ends, within its session. */
  endOfAccess(sessionEnd: Date): Date
}

interface Options {
  readonly key: KeyObject
  readonly olderKeys: readonly KeyObject[]
  readonly accessSeconds: number
  readonly now: () => number
}

type Verdict =
  | { readonly status: 'good'; readonly claims: Claims; readonly until: number }
  | { readonly status: 'bad'; readonly until: number }

const type = 'at+jwt'
const longestToken = 2048
const rememberedMilliseconds = 30_000
// Apart, so that a flood of bad tokens does not push out the good ones.
const rememberedGood = 10_000
const rememberedBad = 1_000

/** One message for every reason: which check failed is nobody’s business but the log’s. */
export const refusedToken = (cause?: unknown) =>
  new AppError('unauthenticated', 'Sign in first, with: gatehouse login', { cause })

export async function createTokens(options: Options): Promise<Tokens> {
  const { key, accessSeconds, now } = options
  const publicKeys = [key, ...options.olderKeys].map(publicHalf)
  const kids = await Promise.all(publicKeys.map(thumbprint))
  const keys = new Map(kids.map((kid, index) => [kid, publicKeys[index]]))
  const [kid = ''] = kids
  const good = new Map<string, Verdict>()
  const bad = new Map<string, Verdict>()
  const pending = new Map<string, Promise<Claims>>()

  async function check(
    token: string,
    audience: Audience,
  ): Promise<{ claims: Claims; end: number }> {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const known = keys.get(kid ?? '')
        if (!known) throw new Error('no key with this kid')
        return known
      },
      {
        algorithms: ['EdDSA'],
        typ: type,
        audience,
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
        currentDate: new Date(now()),
      },
    )
    const { sub, jti, exp, aud } = payload
    const sessionId = payload['sid']
    // An array could name both purposes.
    if (aud !== audience) throw new Error('more than one audience')
    if (!isId(sub) || !isId(sessionId)) throw new Error('sub or sid is no id')
    return {
      claims: { personId: sub, sessionId, generation: generationOf(jti, sessionId) },
      end: (exp ?? 0) * 1000,
    }
  }

  async function verifyAndRemember(token: string, audience: Audience, place: string) {
    const until = now() + rememberedMilliseconds
    try {
      const { claims, end } = await check(token, audience)
      remember(good, rememberedGood, place, { status: 'good', claims, until: Math.min(until, end) })
      return claims
    } catch (error) {
      remember(bad, rememberedBad, place, { status: 'bad', until })
      throw refusedToken(error)
    } finally {
      pending.delete(place)
    }
  }

  return {
    async sign({ personId, sessionId, generation, audience, expiresAt }) {
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: type })
        .setSubject(personId)
        .setJti(`${sessionId}.${generation}`)
        .setAudience(audience)
        .setIssuedAt(Math.floor(now() / 1000))
        .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
        .sign(key)
    },

    verify(token, audience) {
      if (token.length > longestToken) throw refusedToken()
      const place = `${audience} ${token}`
      const known = good.get(place) ?? bad.get(place)
      if (known && known.until > now()) {
        if (known.status === 'good') return known.claims
        throw refusedToken()
      }
      const running = pending.get(place)
      if (running) return running
      const verdict = verifyAndRemember(token, audience, place)
      pending.set(place, verdict)
      return verdict
    },

    endOfAccess: (sessionEnd) =>
      new Date(Math.min(now() + accessSeconds * 1000, sessionEnd.getTime())),
  }
}

/** Oldest out first: an entry lives for 30 seconds anyway, so order of use would gain nothing. */
function remember(map: Map<string, Verdict>, limit: number, place: string, verdict: Verdict): void {
  map.delete(place)
  map.set(place, verdict)
  if (map.size <= limit) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

function publicHalf(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('A signing key must be an Ed25519 key')
  return key.type === 'private' ? createPublicKey(key) : key
}

/** The key’s name, derived from itself (RFC 7638), so that nobody has to invent one at a rotation. */
const thumbprint = async (key: KeyObject) => calculateJwkThumbprint(await exportJWK(key), 'sha256')

const id = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const isId = (value: unknown): value is string => typeof value === 'string' && id.test(value)

function generationOf(jti: string | undefined, sessionId: string): number {
  const [, sid, digits = ''] = /^([0-9a-f-]{36})\.(\d{1,9})$/.exec(jti ?? '') ?? []
  if (sid !== sessionId) throw new Error('jti does not belong to sid')
  return Number(digits)
}
