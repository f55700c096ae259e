import type { Access } from '../access/index.ts'
import type { Spent, Upstreams } from '../proxy/upstream/index.ts'
import { pathOfPage, pathOfWatch, pathOfWatchList, type ListFrom, type Subject } from './asking.ts'
import { isAlive } from './pulse.ts'
import { Reading } from './reading.ts'
import type { Projection } from './rows/index.ts'
import type { Engine } from './thread.ts'

/** What is asked of a cluster: a list and its watch in one, a page of a list, or a watch from a version on. */
export type Form = 'watch-list' | 'page' | 'watch'

/** The feed that a line serves: what it knows, and what it is told. */
export interface LineOwner {
  /** Whose right pays for what is asked now. */
  readonly access: Access
  /** From where on a watch is asked for. */
  readonly version: string | undefined
  readonly isLooked: boolean
  readonly listFrom: ListFrom
  /** A list comes, or a watch stands. */
  opened(form: Form): void
  /** Another status than 200; nothing of its body is read. */
  refused(form: Form, status: number, retryAfter: number | undefined): void
  credentialRefused(): void
  /** Nothing more will come. */
  lost(reason: string): void
  /** It has begun, goes no further, and is not whole. */
  silent(form: Form): void
  /** It could not even be asked. */
  failed(error: unknown): void
  /** It is being replaced, and that takes too long to go on believing in it. */
  unproven(): void
  /** It is silent, and its cluster lives. */
  alive(): void
}

interface Options {
  readonly feed: number
  readonly subject: Subject
  readonly upstreams: Upstreams
  readonly engine: Engine
  readonly projection: Projection
}

/** One question, kept so that it can be asked again with a renewed credential. */
interface Asking {
  readonly form: Form
  readonly path: string
  /** Begins a list, see `ToEngine`. */
  readonly fresh: boolean
  readonly seconds: number
  readonly isSuccessor: boolean
  readonly isRepeated: boolean
}

/** Silence after which the cluster is asked whether it lives. */
const patience = 3000
/** A new watch must open within this, or what is shown counts as unproven. */
const proofTime = 2500
/** The head of a watch comes at once, that of a list when all of it was found. */
const headTime: Readonly<Record<Form, number>> = { watch: 6000, 'watch-list': 6000, page: 60_000 }
/** A list that has begun stands still no longer than this. */
const standstill = 15_000
const briefSeconds = 9
const briefRenewal = 6000

/**
 * The connection of one feed to its cluster. A watch that somebody looks at is replaced every few seconds, by the next one
 * and before it ends, so that a dead connection cannot pass for a quiet one; any other is kept for minutes.
 */
export class Line {
  readonly #options: Options
  readonly #owner: LineOwner
  #current: Reading | undefined
  #successor: Reading | undefined
  #form: Form = 'page'
  #isFollowing = false
  #round = 0
  #renewAt = Infinity
  /** When the next watch was wanted, while it is not open yet. */
  #renewingSince: number | undefined

  constructor(options: Options, owner: LineOwner) {
    this.#options = options
    this.#owner = owner
  }

  /** What was asked for last. */
  get form(): Form {
    return this.#form
  }

  /** Whether it was a page after another. */
  get isFollowing(): boolean {
    return this.#isFollowing
  }

  /** `next`: the page that follows. */
  ask(form: Form, next?: string): void {
    this.quit()
    this.#form = form
    this.#isFollowing = next !== undefined
    const seconds = this.#seconds()
    const fresh = form !== 'watch' && next === undefined
    const path = this.#pathOf(form, seconds, next)
    this.#send({ form, path, fresh, seconds, isSuccessor: false, isRepeated: false })
  }

  quit(): void {
    this.#round += 1
    this.#current?.abort()
    this.#successor?.abort()
    this.#current = this.#successor = this.#renewingSince = undefined
    this.#renewAt = Infinity
  }

  /** The present watch is to be replaced now. */
  hurry(): void {
    this.#renewAt = Math.min(this.#renewAt, performance.now())
  }

  /** As `hurry`, but once it has stood as long as one that somebody looks at. */
  shorten(): void {
    this.#renewAt = Math.min(this.#renewAt, performance.now() + briefRenewal)
  }

  /** Whether bytes that were worked off are of what is read now. */
  credit(id: number, bytes: number): boolean {
    const reading = [this.#current, this.#successor].find((it) => it?.id === id)
    reading?.credit(bytes)
    return reading !== undefined && reading === this.#current
  }

  /** `isLive`: it is claimed to be right, so that it has to be proven. */
  beat(now: number, isLive: boolean): void {
    if (this.#renewingSince !== undefined) this.#awaitSuccessor(now - this.#renewingSince)
    else if (this.#current) this.#listen(this.#current, now, isLive)
  }

  #seconds(): number {
    const { isLooked, version } = this.#owner
    if (isLooked && version !== undefined) return briefSeconds
    return 300 + Math.floor(Math.random() * 300)
  }

  #pathOf(form: Form, seconds: number, next: string | undefined): string {
    const { subject } = this.#options
    const { version = '', listFrom } = this.#owner
    if (form === 'watch-list') return pathOfWatchList(subject, seconds)
    if (form === 'watch') return pathOfWatch(subject, version, seconds)
    return pathOfPage(subject, listFrom, next)
  }

  #send(asking: Asking): void {
    this.#spendFor(asking, () => this.#options.upstreams.spend(this.#owner.access))
  }

  /** Asks a turn later, so that whatever goes wrong is told in one way. */
  #spendFor(asking: Asking, spend: () => Spent | undefined | Promise<Spent | undefined>): void {
    const round = (this.#round += 1)
    const isCurrent = () => round === this.#round
    Promise.resolve()
      .then(spend)
      .then((spent) => {
        if (!isCurrent()) return
        if (spent) this.#start(asking, spent)
        else this.#owner.credentialRefused()
      })
      .catch((error: unknown) => {
        if (isCurrent()) this.#owner.failed(error)
      })
  }

  #start(asking: Asking, spent: Spent): void {
    const { form, path, fresh, seconds, isSuccessor } = asking
    const { feed, engine, projection } = this.#options
    const isPage = form === 'page'
    const reading = new Reading(
      {
        spent,
        path,
        accept: isPage ? projection.accept : projection.acceptWatch,
        feed,
        engine,
        form: isPage ? 'list' : 'watch',
        fresh,
      },
      {
        opened: (it, status, retryAfter) => {
          if (this.#isMine(it)) this.#opened(it, asking, status, retryAfter)
        },
        // The end of a list is told by the engine once it has read it.
        ended: (it) => {
          if (it === this.#current && !isPage) this.#owner.lost('the cluster ended the watch')
        },
        broke: (it, reason) => {
          if (this.#isMine(it)) this.#owner.lost(reason)
        },
      },
    )
    if (isSuccessor) this.#successor = reading
    else this.#current = reading
    this.#renewAt =
      performance.now() + (seconds === briefSeconds ? briefRenewal : (seconds - 5) * 1000)
    reading.start()
  }

  #isMine = (reading: Reading): boolean => reading === this.#current || reading === this.#successor

  #opened(reading: Reading, asking: Asking, status: number, retryAfter: number | undefined): void {
    if (status === 200) {
      if (reading === this.#successor) this.#replace(reading)
      this.#owner.opened(asking.form)
    } else if (status === 401 && !asking.isRepeated) {
      const { upstreams } = this.#options
      const again = { ...asking, isRepeated: true }
      this.#spendFor(again, () => upstreams.renew(this.#owner.access, reading.spent))
    } else this.#owner.refused(asking.form, status, retryAfter)
  }

  #listen(reading: Reading, now: number, isLive: boolean): void {
    if (reading.isOpen && isLive && now >= this.#renewAt) {
      this.#renew(reading)
      return
    }
    const silence = now - reading.heardAt
    const most = reading.isOpen ? standstill : headTime[this.#form]
    if (!isLive && silence > most) this.#giveUp(reading)
    else if (silence > patience) this.#probe(reading, isLive)
  }

  #giveUp(reading: Reading): void {
    if (reading.isOpen) this.#owner.silent(this.#form)
    else this.#owner.lost('the cluster sends nothing')
  }

  #probe(reading: Reading, isLive: boolean): void {
    const asked = performance.now()
    void isAlive(reading.spent.target).then((alive) => {
      if (!this.#isMine(reading) || reading.heardAt > asked) return
      if (!alive) this.#owner.lost('the cluster does not answer')
      else if (isLive) {
        // Counts for the patience only; a list that stands still comes to its own end.
        reading.heardAt = performance.now()
        this.#owner.alive()
      }
    })
  }

  /** The next watch goes on from what this one has brought; what it still says comes again in the next. */
  #renew(reading: Reading): void {
    this.#renewingSince = performance.now()
    const round = this.#round
    reading.deafen(() => {
      if (round !== this.#round) return
      this.#form = 'watch'
      const seconds = this.#seconds()
      const path = this.#pathOf('watch', seconds, undefined)
      this.#send({
        form: 'watch',
        path,
        fresh: false,
        seconds,
        isSuccessor: true,
        isRepeated: false,
      })
    })
  }

  #awaitSuccessor(waited: number): void {
    if (waited > proofTime * 2) this.#owner.lost('the cluster does not answer')
    // It may still open, and is proven then.
    else if (waited > proofTime) this.#owner.unproven()
  }

  #replace(successor: Reading): void {
    const old = this.#current
    this.#current = successor
    this.#successor = this.#renewingSince = undefined
    // The cluster ends it by itself in a moment, and its connection serves again.
    if (old) setTimeout(() => old.abort(), (briefSeconds * 1000 - briefRenewal) * 2).unref()
  }
}
