import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { AppError, unauthenticated } from '../contract/errors.ts'
import type { Deps } from '../deps.ts'
import type { Actor, Visitor } from '../policies/caller.ts'
import { bearerOf, sourceOf } from '../proxy/index.ts'
import { Crowd } from './crowd.ts'
import { cookieNames, type Surface } from './edge.ts'
import type { Gate } from './mount.ts'

/** Turns requests into callers: a bearer for programs, the listener’s own cookie for browsers, never both. */
export function createGate(
  { access, audit, config }: Pick<Deps, 'access' | 'audit' | 'config'>,
  surface: Surface,
): Gate {
  return {
    audit,
    crowd: new Crowd(config.limits.requestsPerPerson),
    visitor: (req): Visitor => ({
      source: sourceOf(req.socket),
      requestId: String(req.res?.getHeader('audit-id') ?? randomUUID()),
      userAgent: (req.headers['user-agent'] ?? '').slice(0, 200),
    }),
    async actor(req, visitor): Promise<Actor> {
      const identity = await identify(req)
      const { person, session } = identity
      return {
        ...visitor,
        personId: person.id,
        name: person.name,
        admin: person.admin,
        sessionId: session.id,
        identity,
      }
    },
  }

  function identify(req: Request) {
    const bearer = bearerOf(req.rawHeaders, cookieNames)
    const cookie = cookieOf(req.headers.cookie, surface.cookie.name)
    if (bearer.status === 'invalid') throw new AppError(bearer.code, bearer.reason)
    if (bearer.status === 'none') {
      if (cookie === undefined) throw unauthenticated()
      checkSameSite(req, surface)
      return access.authenticate(cookie, surface.cookie.audience)
    }
    return access.authenticate(bearer.token, 'gatehouse')
  }
}

/** A browser sends cookies by itself, so a change must show that one of our own pages asked for it. */
function checkSameSite(req: Request, { origins }: Surface): void {
  if (req.method === 'GET') return
  const origin = req.headers.origin
  const isOwn =
    origin === undefined ? req.headers['sec-fetch-site'] === 'same-origin' : origins.has(origin)
  if (!isOwn)
    throw new AppError(
      'forbidden',
      'Changes with a cookie are accepted from the gateway’s own pages only',
    )
}

/** One cookie’s value in a `Cookie` header. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}
