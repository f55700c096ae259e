import type { Config } from '../config.ts'
import type { Call } from './call.ts'
import type { Failure } from './status.ts'

/** Gives a place back. Calling it twice gives back one. */
type Release = () => void

type Kind = 'request' | 'stream'

export type Place =
  | { readonly status: 'taken'; readonly release: Release }
  | { readonly status: 'full'; readonly failure: Failure }

/**
 * Counts what is under way for each person and each cluster. Nobody waits for a place: a queue would let
 * one person’s flood delay everyone behind it.
 */
export class Limits {
  readonly #config: Config['limits']
  readonly #counts = new Map<string, number>()

  constructor(config: Config['limits']) {
    this.#config = config
  }

  /** A place for an admitted call, or why there is none. */
  takeFor({ access, isLong }: Call): Place {
    if (!access) throw new Error('A place is taken after the access is known')
    const { person, clusterId } = access
    const place = this.#take(isLong ? 'stream' : 'request', person.id, clusterId)
    if (typeof place === 'function') return { status: 'taken', release: place }
    const whose = place === 'person' ? 'You have' : `The cluster "${clusterId}" has`
    const message = `${whose} too many ${isLong ? 'streams open' : 'requests under way'} through this gateway`
    return { status: 'full', failure: { code: 'rate_limited', message, retryAfter: 1 } }
  }

  #take(kind: Kind, personId: string, clusterId: string): Release | 'person' | 'cluster' {
    const { requestsPerPerson, streamsPerPerson, requestsPerCluster, streamsPerCluster } =
      this.#config
    const person = `${kind} person ${personId}`
    const cluster = `${kind} cluster ${clusterId}`
    if (this.#count(person) >= (kind === 'stream' ? streamsPerPerson : requestsPerPerson))
      return 'person'
    if (this.#count(cluster) >= (kind === 'stream' ? streamsPerCluster : requestsPerCluster))
      return 'cluster'
    this.#add(person, 1)
    this.#add(cluster, 1)
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#add(person, -1)
      this.#add(cluster, -1)
    }
  }

  #count(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  #add(key: string, by: number): void {
    const count = this.#count(key) + by
    if (count > 0) this.#counts.set(key, count)
    else this.#counts.delete(key)
  }
}
