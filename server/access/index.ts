import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Database } from '../models/database.ts'
import type { Sealing } from '../models/sealing.ts'
import { createAttendance, type Attendance } from './attendance.ts'
import { createChangeLog } from './change-log.ts'
import type { Changes } from './changes.ts'
import { createGrantsCache } from './grants-cache.ts'
import { audiencesOf, type Audience, type Identity } from './identity.ts'
import { createAccessMaker, type AccessMaker } from './make-access.ts'
import { createNet } from './net.ts'
import { createSessionCache } from './session-cache.ts'
import { Sessions } from './sessions.ts'
import { StreamRegistry, type Streams } from './streams.ts'
import { createTokens, refusedToken } from './tokens.ts'

export { createChanges, type Change, type Changes } from './changes.ts'
export type { Audience, ConsoleAudience, Identity } from './identity.ts'
export type { GrantedScope } from './grants-cache.ts'
export type { Access, AccessAnswer } from './make-access.ts'
export type { ConsoleSession, DeviceSession, OpenSession, Sessions } from './sessions.ts'
export type { StreamEnd, StreamKind, Streams } from './streams.ts'

export interface AccessRoom {
  /**
   * Checks an access token. Synchronous while its verification is remembered; whether its session
   * and person are still in force is asked on every call.
   * @throws AppError unauthenticated
   */
  authenticate(token: string, audience: Audience): Identity | Promise<Identity>
  /** What a person may spend on a cluster. Synchronous while their grants are remembered. */
  readonly accessFor: AccessMaker
  readonly sessions: Sessions
  readonly streams: Streams
  /** For what is open while no right is spent: it ends with the session. */
  readonly attend: Attendance['attend']
  /** Compares what is in memory with the database; runs by itself every 30 seconds. */
  recheck(): Promise<void>
  /** Ends the timers and writes what is still in memory; streams are closed by who drains. */
  close(): Promise<void>
}

export interface AccessOptions {
  readonly db: Database
  readonly sealing: Sealing
  readonly changes: Changes
  readonly config: {
    readonly accessSeconds: number
    readonly sessionSeconds: number
    /** The longest life of a stream, whatever its session and grant. */
    readonly streamSeconds: number
  }
  /** Ed25519, private: signs from now on. */
  readonly key: KeyObject
  /** Public halves of keys that signed before, for as long as their tokens may live. */
  readonly olderKeys?: readonly KeyObject[]
  readonly log: Logger
  readonly now?: () => number
}

export async function createAccess(options: AccessOptions): Promise<AccessRoom> {
  const { db, sealing, changes, config, key, olderKeys = [], log, now = Date.now } = options
  const tokens = await createTokens({ key, olderKeys, accessSeconds: config.accessSeconds, now })
  const changeLog = createChangeLog(changes)
  // Caches are made before the streams, so that they have forgotten by the time a stream is closed.
  const cache = createSessionCache({ db, changes, changeLog, now })
  const grants = createGrantsCache({ db, changes, log })
  const streams = new StreamRegistry({ changes, changeLog, log, now })
  const { sessionSeconds, streamSeconds } = config
  const sessions = new Sessions({ db, sealing, changes, cache, tokens, sessionSeconds, now })
  const attendance = createAttendance({ changes, sessions: cache, streamSeconds, now })
  const net = createNet({ db, changes, cache, grants, streams, attendance, sessions, log, now })

  return {
    authenticate(token, audience) {
      const claims = tokens.verify(token, audience)
      return claims instanceof Promise
        ? claims.then((it) => identify(it, audience))
        : identify(claims, audience)
    },
    accessFor: createAccessMaker({ sessions: cache, grants, changeLog, streamSeconds, now }),
    sessions,
    streams,
    attend: (identity, close) => attendance.attend(identity, close),
    recheck: () => net.recheck(),
    close: () => net.close(),
  }

  function identify(
    claims: { readonly personId: string; readonly sessionId: string; readonly generation: number },
    audience: Audience,
  ): Identity | Promise<Identity> {
    const live = cache.live(claims.sessionId, claims.generation)
    const check = (identity: Identity) => {
      const { person, session } = identity
      if (person.id !== claims.personId || !audiencesOf[session.kind].includes(audience))
        throw refusedToken()
      cache.touch(session.id)
      return identity
    }
    return live instanceof Promise ? live.then(check) : check(live)
  }
}
