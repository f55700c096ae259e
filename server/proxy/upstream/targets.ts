import { AppError } from '../../contract/errors.ts'
import type { Database } from '../../models/database.ts'
import type { Sealing } from '../../models/sealing.ts'
import type { Guard } from './lookup.ts'
import { routeOf } from './route.ts'
import { Target } from './target.ts'

interface Options {
  readonly db: Database
  readonly sealing: Sealing
  readonly guard: Guard
}

interface Entry {
  readonly target: Target
  readonly revision: number
}

/** The targets of all registered clusters, made at their first use. */
export class Targets {
  readonly #options: Options
  readonly #entries = new Map<string, Entry>()
  readonly #loading = new Map<string, Promise<Target>>()
  #epoch = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** Reads the cluster’s row and keeps the connection where its revision is still the same. */
  load(clusterId: string): Promise<Target> {
    const under = this.#loading.get(clusterId)
    if (under) return under
    const work = this.#load(clusterId).finally(() => {
      if (this.#loading.get(clusterId) === work) this.#loading.delete(clusterId)
    })
    this.#loading.set(clusterId, work)
    return work
  }

  forget(clusterId: string): void {
    this.#epoch += 1
    this.#loading.delete(clusterId)
    this.#drop(clusterId)
  }

  async close(): Promise<void> {
    const all = [...this.#entries.values()]
    this.#entries.clear()
    this.#epoch += 1
    await Promise.all(all.map(({ target }) => target.destroy()))
  }

  async #load(clusterId: string): Promise<Target> {
    const { db, sealing, guard } = this.#options
    for (;;) {
      const epoch = this.#epoch
      const row = await db.clusters.findByPk(clusterId)
      // Read before something changed: what was read may be old, so it is read again.
      if (epoch !== this.#epoch) continue
      if (!row) {
        this.#drop(clusterId)
        throw new AppError('not_found', `The cluster "${clusterId}" is not registered`)
      }
      const entry = this.#entries.get(clusterId)
      if (entry?.revision === row.revision) return entry.target
      this.#drop(clusterId)
      const target = new Target(clusterId, routeOf(row, sealing), guard)
      this.#entries.set(clusterId, { target, revision: row.revision })
      return target
    }
  }

  #drop(clusterId: string): void {
    const entry = this.#entries.get(clusterId)
    this.#entries.delete(clusterId)
    void entry?.target.destroy('The cluster was changed or removed while the call was under way')
  }
}
