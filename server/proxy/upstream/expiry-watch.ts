import type { Logger } from 'pino'
import type { Changes } from '../../access/index.ts'
import type { Database } from '../../models/database.ts'

interface Options {
  readonly db: Database
  readonly changes: Changes
  readonly log: Logger
}

/** setTimeout takes no more; whoever wakes early looks again. */
const longest = 2 ** 31 - 1

/** Tells when a pasted credential that is in use has expired, so that what it still carries ends too. */
export class ExpiryWatch {
  readonly #options: Options
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(options: Options) {
    this.#options = options
  }

  arm(profileId: string, expiresAt: number): void {
    clearTimeout(this.#timers.get(profileId))
    const wait = Math.min(Math.max(expiresAt - Date.now(), 0), longest)
    const look = () => void this.#look(profileId)
    this.#timers.set(profileId, setTimeout(look, wait).unref())
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  async #look(profileId: string): Promise<void> {
    const { db, changes, log } = this.#options
    this.#timers.delete(profileId)
    try {
      const row = await db.profiles.findByPk(profileId)
      if (!row?.expiresAt) return
      // It may have been replaced by one that lasts longer.
      if (row.expiresAt.getTime() > Date.now()) this.arm(profileId, row.expiresAt.getTime())
      else changes.tell({ kind: 'credential', id: profileId })
    } catch (error) {
      log.warn({ profile: profileId, err: error }, 'an expired credential could not be looked at')
      changes.tell({ kind: 'credential', id: profileId })
    }
  }
}
