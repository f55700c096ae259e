import type { Access } from '../access/index.ts'
import type { Config } from '../config.ts'
import { AppError } from '../contract/errors.ts'
import type { Call } from './call.ts'
import type { Failure } from './status.ts'

/** Gives a place back. Calling it twice gives back one. */
type Release = () => void

type Kind = 'request' | 'stream' | 'survey'

/** Answers that hold many whole objects at a time, of one person and of one cluster. */
const surveysPerPerson = 6
const surveysPerCluster = 30

export type Place =
  | { readonly status: 'taken'; readonly release: Release }
  | { readonly status: 'full'; readonly failure: Failure }

const words: Readonly<Record<Kind, string>> = {
  request: 'requests under way',
  stream: 'streams open',
  survey: 'descriptions under way',
}

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

  /** A place for what is no proxied call. @throws AppError rate_limited */
  enter(access: Access, kind: Kind = 'stream'): Release {
    const place = this.#placeFor(access, kind)
    if (place.status === 'taken') return place.release
    const { code, message, retryAfter = 1 } = place.failure
    throw new AppError(code, message, { retryAfter })
  }

  /** A place for an admitted call, or why there is none. */
  takeFor({ access, isLong }: Pick<Call, 'access' | 'isLong'>): Place {
    if (!access) throw new Error('A place is taken after the access is known')
    return this.#placeFor(access, isLong ? 'stream' : 'request')
  }

  #placeFor({ person, clusterId }: Access, kind: Kind): Place {
    const place = this.#take(kind, person.id, clusterId)
    if (typeof place === 'function') return { status: 'taken', release: place }
    const whose = place === 'person' ? 'You have' : `The cluster "${clusterId}" has`
    const message = `${whose} too many ${words[kind]} through this gateway`
    return { status: 'full', failure: { code: 'rate_limited', message, retryAfter: 1 } }
  }

  #most(kind: Kind): readonly [ofPerson: number, ofCluster: number] {
    const { requestsPerPerson, streamsPerPerson, requestsPerCluster, streamsPerCluster } =
      this.#config
    if (kind === 'stream') return [streamsPerPerson, streamsPerCluster]
    return kind === 'request'
      ? [requestsPerPerson, requestsPerCluster]
      : [surveysPerPerson, surveysPerCluster]
  }

  #take(kind: Kind, personId: string, clusterId: string): Release | 'person' | 'cluster' {
    const [ofPerson, ofCluster] = this.#most(kind)
    const person = `${kind} person ${personId}`
    const cluster = `${kind} cluster ${clusterId}`
    if (this.#count(person) >= ofPerson) return 'person'
    if (this.#count(cluster) >= ofCluster) return 'cluster'
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
