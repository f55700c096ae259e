import type { Logger } from 'pino'
import type { Access, Change } from '../access/index.ts'
import { AppError } from '../contract/errors.ts'
import type { KindRef } from '../contract/place.ts'
import type { Upstreams } from '../proxy/upstream/index.ts'
import type { Subject } from './asking.ts'
import { Feed } from './feed.ts'
import type { Report } from './messages.ts'
import type { Engine } from './thread.ts'

/** One view’s use of one feed. */
export interface Lease {
  readonly feed: Feed
  /** Whether somebody looks at rows of it. */
  look(looks: boolean): void
  /** `gone`: a right has ended, so that nothing is kept for a return. */
  release(how: 'kept' | 'gone'): void
}

interface Options {
  readonly upstreams: Upstreams
  readonly engine: Engine
  readonly log: Logger
  /** Milliseconds for which a feed outlives its last user. */
  readonly linger: number
}

interface Held {
  readonly key: string
  readonly feed: Feed
  readonly users: Map<object, Access>
  timer: NodeJS.Timeout | undefined
}

const mostFeeds = 2000
/** Feeds of one person; those that are only counted leave some for the rows that somebody wants to see. */
const mostOfPerson = { numbers: 400, rows: 500 } as const

/** The feeds of all views: shared by whoever uses the same identity, let go when nobody has for a while. */
export class Feeds {
  readonly #options: Options
  readonly #held = new Map<string, Held>()
  readonly #byId = new Map<number, Held>()
  /** Of each person, the feeds in use, and how often. */
  readonly #perPerson = new Map<string, Map<Held, number>>()
  /** Of each profile and cluster, how often it became something else. */
  readonly #generations = new Map<string, number>()
  readonly #withoutWatchList = new Set<string>()
  #count = 0

  constructor(options: Options) {
    this.#options = options
  }

  get size(): number {
    return this.#held.size
  }

  *[Symbol.iterator](): Generator<Feed> {
    for (const { feed } of this.#held.values()) yield feed
  }

  /** @throws AppError rate_limited, unavailable */
  lease(access: Access, subject: Subject, what: keyof typeof mostOfPerson): Lease {
    const { id: person } = access.person
    const used = this.#perPerson.get(person) ?? new Map<Held, number>()
    const known = this.#find(access, subject)
    if (!(known && used.has(known)) && used.size >= mostOfPerson[what])
      throw new AppError('rate_limited', 'You have too many views open. Close some of them first.')
    const held = known ?? this.#make(access, subject)
    used.set(held, (used.get(held) ?? 0) + 1)
    this.#perPerson.set(person, used)
    return this.#lend(held, access)
  }

  /** The feed of the whole cluster, when there is one that is right already. */
  wide(access: Access, kind: KindRef): boolean {
    return this.#find(access, { kind, namespace: undefined })?.feed.status === 'live'
  }

  report(report: Report): void {
    this.#byId.get(report.feed)?.feed.report(report)
  }

  /** What was read with an identity that is no longer it, or at an address that is no longer it, goes at once. */
  follow({ kind, id }: Change): void {
    const isIdentity = kind === 'profile' || kind === 'credential'
    if (!isIdentity && kind !== 'cluster') return
    this.#generations.set(id, (this.#generations.get(id) ?? 0) + 1)
    for (const held of this.#held.values()) {
      const { clusterId, credential } = held.feed.access
      if (id === (isIdentity ? credential.profileId : clusterId)) this.#drop(held)
    }
  }

  close(): void {
    for (const held of this.#held.values()) this.#drop(held)
  }

  #keyOf({ clusterId, credential }: Access, { kind, namespace }: Subject): string {
    const { profileId } = credential
    const generation = [profileId, clusterId].map((it) => this.#generations.get(it) ?? 0)
    const { group, version, resource } = kind
    return JSON.stringify([clusterId, profileId, generation, group, version, resource, namespace])
  }

  #find(access: Access, subject: Subject): Held | undefined {
    return this.#held.get(this.#keyOf(access, subject))
  }

  #make(access: Access, subject: Subject): Held {
    if (this.#held.size >= mostFeeds)
      throw new AppError('unavailable', 'The gateway keeps too many lists already', {
        retryAfter: 30,
      })
    const { upstreams, engine, log } = this.#options
    const id = (this.#count += 1)
    const feed = new Feed(
      {
        id,
        subject,
        upstreams,
        engine,
        log,
        withoutWatchList: this.#withoutWatchList,
        onAlive: (it) => this.#wakeOthers(it),
      },
      access,
    )
    const held: Held = {
      key: this.#keyOf(access, subject),
      feed,
      users: new Map(),
      timer: undefined,
    }
    this.#held.set(held.key, held)
    this.#byId.set(id, held)
    feed.start()
    return held
  }

  #lend(held: Held, access: Access): Lease {
    const { feed, users } = held
    const user = {}
    let looking = false
    clearTimeout(held.timer)
    users.set(user, access)
    feed.access = access
    const look = (looks: boolean) => {
      if (looks === looking) return
      looking = looks
      feed.look(looks ? 1 : -1)
    }
    return {
      feed,
      look,
      release: (how) => {
        if (!users.delete(user)) return
        look(false)
        this.#forgetUse(access.person.id, held)
        const [other] = [...users.values()].slice(-1)
        if (other) feed.access = other
        else this.#idle(held, how)
      },
    }
  }

  #forgetUse(person: string, held: Held): void {
    const used = this.#perPerson.get(person)
    if (!used) return
    const left = (used.get(held) ?? 1) - 1
    if (left > 0) used.set(held, left)
    else used.delete(held)
    if (used.size === 0) this.#perPerson.delete(person)
  }

  #idle(held: Held, how: 'kept' | 'gone'): void {
    if (how === 'gone') this.#drop(held)
    else held.timer = setTimeout(() => this.#drop(held), this.#options.linger).unref()
  }

  #drop(held: Held): void {
    clearTimeout(held.timer)
    if (this.#held.get(held.key) === held) this.#held.delete(held.key)
    if (this.#byId.delete(held.feed.id)) held.feed.stop()
  }

  #wakeOthers(alive: Feed): void {
    for (const { feed } of this.#held.values())
      if (feed !== alive && feed.access.clusterId === alive.access.clusterId) feed.wake()
  }
}
