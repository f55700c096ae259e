import { Op } from 'sequelize'
import type { Logger } from 'pino'
import type { Database } from '../models/database.ts'
import type { Attendance } from './attendance.ts'
import type { Changes } from './changes.ts'
import type { GrantsCache } from './grants-cache.ts'
import type { SessionCache } from './session-cache.ts'
import type { Sessions } from './sessions.ts'
import type { StreamRegistry } from './streams.ts'

interface Options {
  readonly db: Database
  readonly changes: Changes
  readonly cache: SessionCache
  readonly grants: GrantsCache
  readonly streams: StreamRegistry
  readonly attendance: Attendance
  readonly sessions: Sessions
  readonly log: Logger
  readonly now: () => number
}

/** The net below `Changes`: what ended in the database without being told ends here within 30 seconds. */
export interface Net {
  recheck(): Promise<void>
  close(): Promise<void>
}

const recheckMilliseconds = 30_000
const flushMilliseconds = 60_000
const sweepMilliseconds = 3_600_000
const chunk = 500

export function createNet(options: Options): Net {
  const { db, changes, cache, grants, streams, attendance, sessions, log } = options
  const running = new Set<Promise<unknown>>()

  async function recheck(): Promise<void> {
    const rights = streams.rights()
    const sessionIds = new Set([
      ...cache.openIds(),
      ...rights.sessionIds,
      ...attendance.sessionIds(),
    ])
    const grantIds = new Set([...grants.grantIds(), ...rights.grantIds])
    const openSessions = await stillOpen(sessionIds)
    for (const id of sessionIds) if (!openSessions.has(id)) changes.tell({ kind: 'session', id })
    const liveGrants = await stillGranted(grantIds)
    for (const id of grantIds) if (!liveGrants.has(id)) changes.tell({ kind: 'grant', id })
    // What was granted or made administrator elsewhere is seen at the next question.
    cache.forget()
    grants.forget()
  }

  async function stillOpen(ids: ReadonlySet<string>): Promise<Set<string>> {
    const open = new Set<string>()
    for (const id of chunked(ids)) {
      const rows = await db.sessions.findAll({
        attributes: ['id'],
        where: { id, revokedAt: null, expiresAt: { [Op.gt]: new Date(options.now()) } },
        include: { association: 'person', attributes: ['disabledAt'] },
      })
      for (const row of rows) if (row.person?.disabledAt === null) open.add(row.id)
    }
    return open
  }

  async function stillGranted(ids: ReadonlySet<string>): Promise<Set<string>> {
    const live = new Set<string>()
    for (const id of chunked(ids)) {
      const rows = await db.grants.findAll({ attributes: ['id'], where: { id } })
      for (const row of rows) live.add(row.id)
    }
    return live
  }

  /** One run at a time; a failure is said and tried again at the next turn. */
  function every(milliseconds: number, what: string, work: () => Promise<unknown>): NodeJS.Timeout {
    let isBusy = false
    return setInterval(() => {
      if (isBusy) return
      isBusy = true
      const run = work()
        .catch((error: unknown) => log.error({ err: error }, `${what} failed`))
        .finally(() => {
          isBusy = false
          running.delete(run)
        })
      running.add(run)
    }, milliseconds).unref()
  }

  const timers = [
    every(recheckMilliseconds, 'the re-check of sessions and grants', recheck),
    every(flushMilliseconds, 'writing when sessions were used', () => cache.flush()),
    every(sweepMilliseconds, 'the sweep of expired sessions', () => sessions.sweep()),
  ]

  return {
    recheck,
    async close() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running)
      await cache
        .flush()
        .catch((error: unknown) => log.error({ err: error }, 'a last write failed'))
    },
  }
}

function* chunked(ids: ReadonlySet<string>): Generator<string[]> {
  const all = [...ids]
  for (let at = 0; at < all.length; at += chunk) yield all.slice(at, at + chunk)
}
