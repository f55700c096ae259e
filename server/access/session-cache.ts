import { Op } from 'sequelize'
import type { Database } from '../models/database.ts'
import { AppError } from '../contract/errors.ts'
import type { ChangeLog } from './change-log.ts'
import type { Change, Changes } from './changes.ts'
import type { Identity } from './identity.ts'
import { refusedToken } from './tokens.ts'

/** The open sessions in use, in memory, so that every request can be checked against its session. */
export interface SessionCache {
  /**
   * The session’s identity, or an exception when it has ended. A token generation that the session
   * has not reached is refused, after a look into the database: another process may have rotated.
   */
  live(id: string, generation?: number): Identity | Promise<Identity>
  /** After a rotation by this process. */
  rotated(id: string, generation: number): void
  /** Notes that a session was used; written at most once a minute. */
  touch(id: string): void
  /** When it was last used, where that is not written yet. */
  lastUsed(id: string): Date | undefined
  flush(): Promise<void>
  /** Sessions that are remembered as open. */
  openIds(): string[]
  /** Open sessions are read again at their next use; ended ones stay ended. */
  forget(): void
}

type Entry =
  | {
      readonly status: 'open'
      readonly identity: Identity
      generation: number
      readonly ends: number
    }
  // Final: an ended session never opens again.
  | { readonly status: 'ended' }

interface Options {
  readonly db: Database
  readonly changes: Changes
  readonly changeLog: ChangeLog
  readonly now: () => number
}

const remembered = 20_000
const attempts = 5
const chunk = 500

export function createSessionCache({ db, changes, changeLog, now }: Options): SessionCache {
  const entries = new Map<string, Entry>()
  const loading = new Map<string, Promise<Entry>>()
  const used = new Map<string, Date>()

  changes.on(({ kind, id }) => {
    if (kind === 'session') remember(id, { status: 'ended' })
    if (kind !== 'person' && kind !== 'administration') return
    for (const [sessionId, entry] of entries) {
      if (entry.status === 'open' && entry.identity.person.id === id) entries.delete(sessionId)
    }
  })

  function remember(id: string, entry: Entry): Entry {
    entries.delete(id)
    entries.set(id, entry)
    if (entries.size > remembered) {
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    }
    return entry
  }

  /** Reads until nothing changed while reading, so that an ended session is never remembered as open. */
  async function read(id: string): Promise<Entry> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const since = changeLog.now()
      const entry = await readOnce(id)
      const about: Change[] = [{ kind: 'session', id }]
      if (entry.status === 'open') {
        const personId = entry.identity.person.id
        about.push({ kind: 'person', id: personId }, { kind: 'administration', id: personId })
      }
      if (!changeLog.toldSince(since, about)) return remember(id, entry)
    }
    throw new AppError('unavailable', 'This session is changing too fast; try again', {
      retryAfter: 1,
    })
  }

  async function readOnce(id: string): Promise<Entry> {
    const session = await db.sessions.findOne({ where: { id, revokedAt: null }, include: 'person' })
    const person = session?.person
    if (!session || !person || person.disabledAt) return { status: 'ended' }
    const { kind, expiresAt, generation } = session
    const identity: Identity = {
      person: { id: person.id, name: person.name, admin: person.admin },
      session: { id, kind, expiresAt },
    }
    return { status: 'open', identity, generation, ends: expiresAt.getTime() }
  }

  /** One read at a time per session, however many requests wait for it. */
  function load(id: string): Promise<Entry> {
    const running = loading.get(id)
    if (running) return running
    const entry = read(id).finally(() => loading.delete(id))
    loading.set(id, entry)
    return entry
  }

  function judge(entry: Entry, generation: number): Identity {
    if (entry.status === 'ended') throw refusedToken(new Error('the session has ended'))
    if (entry.ends <= now()) throw refusedToken(new Error('the session has expired'))
    if (generation > entry.generation) throw refusedToken(new Error('a generation from the future'))
    return entry.identity
  }

  return {
    live(id, generation = 0) {
      const entry = entries.get(id)
      const isKnown = entry && (entry.status === 'ended' || generation <= entry.generation)
      return isKnown ? judge(entry, generation) : load(id).then((it) => judge(it, generation))
    },
    rotated(id, generation) {
      const entry = entries.get(id)
      if (entry?.status === 'open' && entry.generation < generation) entry.generation = generation
    },
    touch: (id) => void used.set(id, new Date(now())),
    lastUsed: (id) => used.get(id),
    async flush() {
      if (used.size === 0) return
      const batch = [...used]
      used.clear()
      // One statement for all, with the earliest of their times: a minute is as exact as this has to be.
      const lastUsedAt = new Date(Math.min(...batch.map(([, at]) => at.getTime())))
      for (let at = 0; at < batch.length; at += chunk) {
        const id = batch.slice(at, at + chunk).map(([sessionId]) => sessionId)
        const where = { id, lastUsedAt: { [Op.lt]: lastUsedAt } }
        await db.transaction((transaction) =>
          db.sessions.update({ lastUsedAt }, { where, transaction }),
        )
      }
    },
    forget() {
      for (const [id, entry] of entries) if (entry.status === 'open') entries.delete(id)
    },
    openIds: () => [...entries].flatMap(([id, it]) => (it.status === 'open' ? [id] : [])),
  }
}
