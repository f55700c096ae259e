import type { Logger } from 'pino'
import type { Access } from '../access/index.ts'
import { AppError } from '../contract/errors.ts'
import type { Upstreams } from '../proxy/upstream/index.ts'
import { kindText, placeText, type ListFrom, type Subject } from './asking.ts'
import { BackOff } from './back-off.ts'
import { Line, type Form, type LineOwner } from './line.ts'
import type { Report, State } from './messages.ts'
import { projectionOf } from './rows/index.ts'
import type { Engine } from './thread.ts'

export interface FeedOptions {
  readonly id: number
  readonly subject: Subject
  readonly upstreams: Upstreams
  readonly engine: Engine
  readonly log: Logger
  /** Kinds of clusters whose server knows no list by watch. */
  readonly withoutWatchList: Set<string>
  /** Its cluster answers: whoever waits for the same one need wait no longer. */
  readonly onAlive: (feed: Feed) => void
}

/** An API server that has just started refuses what it allows a moment later. */
const firstRefusedWait = 1000
const refusedWait = 30_000
/** A kind that cannot be watched is read again this often. */
const pollWait = 15_000
const overflowWait = 300_000
/** What was live for this long was no flicker. */
const heldTime = 5000
const askedWait = 200
/** Longer than this nobody who looks is left waiting for the next attempt. */
const lookedWait = 3000
/** An API server that was just started opens watches that it ends at once: one counts when it stood for this long. */
const proofTime = 250
const mostUnproven = 3

/**
 * Keeps one kind of object of one identity in step with its cluster: lists, watches, and heals itself. What it claims is
 * proven: `live` means a complete list and an open watch.
 */
export class Feed implements LineOwner {
  readonly id: number
  readonly subject: Subject
  /** Whose right pays for it: any of those who use it, the newest first. */
  access: Access
  listFrom: ListFrom = 'memory'
  readonly #options: FeedOptions
  readonly #line: Line
  readonly #backOff = new BackOff()
  #version: string | undefined
  #state: State = { status: 'loading' }
  /** When what is kept was last known to be right; undefined while it never was. */
  #rightAt: number | undefined
  #liveSince: number | undefined
  /** When it tries again; until then it rests. */
  #wakeAt: number | undefined
  #looked = 0
  /** Since when a watch stands that has still to prove itself. */
  #standsSince: number | undefined
  /** How many in a row did not. */
  #unproven = 0
  /** How often it was refused in a row. */
  #refusals = 0
  #stopped = false

  constructor(options: FeedOptions, access: Access) {
    const { id, subject, upstreams, engine } = options
    this.#options = options
    this.id = id
    this.subject = subject
    this.access = access
    const projection = projectionOf(subject.kind)
    this.#line = new Line({ feed: id, subject, upstreams, engine, projection }, this)
  }

  get status(): State['status'] {
    return this.#state.status
  }

  get version(): string | undefined {
    return this.#version
  }

  get isLooked(): boolean {
    return this.#looked > 0
  }

  start(): void {
    const { engine } = this.#options
    engine.post({ type: 'feed', feed: this.id, kind: this.subject.kind })
    this.#show(this.#state)
    this.#begin()
  }

  stop(): void {
    this.#stopped = true
    this.#line.quit()
    this.#options.engine.post({ type: 'drop', feed: this.id })
  }

  /** One more, or one less, looks at rows of it. */
  look(change: 1 | -1): void {
    this.#looked += change
    if (change === 1 && this.#looked === 1) this.#line.hurry()
  }

  /** Somebody asks, or its cluster answers others: there is no sense in waiting longer. */
  wake(): void {
    if (this.#wakeAt === undefined || this.#isShut) return
    this.#wakeAt = Math.min(this.#wakeAt, performance.now() + askedWait)
  }

  /** Rights have changed. */
  retry(): void {
    if (this.#wakeAt !== undefined && this.#isShut) this.#wakeAt = performance.now()
  }

  /** `woke`: the machine slept, so that whatever seemed alive may not be. */
  beat(now: number, woke: boolean): void {
    if (this.#stopped) return
    if (this.#wakeAt !== undefined) {
      if (woke || now >= this.#wakeAt) this.#begin()
    } else if (woke) this.lost('the gateway’s machine was asleep')
    else {
      if (this.#standsSince !== undefined && now - this.#standsSince > proofTime) this.#live()
      this.#line.beat(now, this.status === 'live')
    }
  }

  report(report: Report): void {
    if (!this.#line.credit(report.reading, report.bytes)) return
    if (report.overflow) this.#rest('there are more objects than the gateway keeps', overflowWait)
    else if (report.failure !== undefined)
      this.lost(`the cluster sent what makes no sense: ${report.failure}`)
    else if (report.error) this.#endedByCluster(report.error)
    else this.#follow(report)
  }

  get #isShut(): boolean {
    return this.status === 'forbidden' || this.status === 'missing'
  }

  #follow({ version, whole, next }: Report): void {
    if (version !== undefined) this.#version = version
    if (this.status === 'live') this.#rightAt = Date.now()
    if (next !== undefined) this.#line.ask('page', next)
    else if (whole && this.#line.form === 'page') this.#line.ask('watch')
    else if (whole) this.#live()
  }

  #begin(): void {
    this.#wakeAt = undefined
    if (this.#version !== undefined) this.#line.ask('watch')
    else if (this.#options.withoutWatchList.has(this.#kindKey)) this.#line.ask('page')
    else this.#line.ask('watch-list')
  }

  /** Servers behind the cluster’s own may know less than it. */
  get #kindKey(): string {
    const { group, resource } = this.subject.kind
    return `${this.access.clusterId}/${group}/${resource}`
  }

  // What the line tells

  opened(form: Form): void {
    if (form === 'watch' && this.status === 'live') this.#live()
    else if (form === 'watch') this.#standsSince = performance.now()
    else if (this.#rightAt === undefined) this.#show({ status: 'loading' })
    else if (this.status === 'stale') this.#show(this.#old('relisting'))
  }

  refused(form: Form, status: number, retryAfter: number | undefined): void {
    const { kind, namespace } = this.subject
    const { clusterId, credential } = this.access
    const what = kindText(kind)
    const where = placeText(namespace)
    switch (status) {
      case 401:
        this.credentialRefused()
        break
      case 403:
        this.#shut(
          'forbidden',
          `The profile "${credential.profileName}" of the cluster "${clusterId}" may not ${verbs[form]} ${what} ${where}`,
        )
        break
      case 404:
        this.#shut(
          'missing',
          `The cluster "${clusterId}" has no ${what} of version ${kind.version} ${where}`,
        )
        break
      case 410:
        this.#expired()
        break
      case 400:
      case 405:
      case 422:
        this.#unserved(form, status)
        break
      default:
        this.lost(`the cluster answered ${status}`, retryAfter)
    }
  }

  credentialRefused(): void {
    const { clusterId, credential } = this.access
    this.lost(
      `the cluster "${clusterId}" refuses the credential of the profile "${credential.profileName}"`,
    )
  }

  lost(reason: string, retryAfter = 0): void {
    if (this.#stopped) return
    if (this.#liveSince !== undefined && performance.now() - this.#liveSince > heldTime)
      this.#backOff.reset()
    if (this.#standsSince !== undefined) this.#unproven += 1
    // From this version on it will not be told anything any more.
    if (this.#unproven >= mostUnproven) this.#version = undefined
    const wait = Math.min(this.#backOff.next(), this.isLooked ? lookedWait : Infinity)
    this.#rest(reason, Math.max(wait, retryAfter * 1000))
  }

  failed(error: unknown): void {
    const isKnown = error instanceof AppError
    if (!isKnown)
      this.#options.log.error({ err: error, feed: this.id }, 'a feed could not ask its cluster')
    this.lost(isKnown ? error.message : 'something went wrong in the gateway')
  }

  silent(form: Form): void {
    // A server that knows nothing of lists by watch may take the question for that of a watch, which never is whole.
    if (form === 'watch-list') this.#unserved(form, 200)
    else this.lost('the cluster sends nothing')
  }

  unproven(): void {
    if (this.status === 'live') this.#show(this.#old('stale', 'the cluster is slow to answer'))
  }

  alive(): void {
    this.#rightAt = Date.now()
  }

  // What becomes of it

  #live(): void {
    this.listFrom = 'memory'
    this.#refusals = 0
    this.#backOff.ease()
    this.#rightAt = Date.now()
    this.#liveSince ??= performance.now()
    this.#standsSince = undefined
    this.#unproven = 0
    if (this.isLooked) this.#line.shorten()
    this.#show({ status: 'live' })
    this.#options.onAlive(this)
  }

  /** What is kept is shown on, as old as it is. */
  #rest(reason: string, milliseconds: number): void {
    this.#line.quit()
    this.#liveSince = this.#standsSince = undefined
    this.#show(this.#old('stale', reason))
    this.#sleep(milliseconds)
  }

  /** Rows that an identity may no longer see do not stay. */
  #shut(status: 'forbidden' | 'missing', reason: string): void {
    this.#line.quit()
    this.#version = this.#liveSince = this.#standsSince = this.#rightAt = undefined
    this.#options.engine.post({ type: 'clear', feed: this.id })
    const isSame = this.status === status && this.#state.reason === reason
    if (!isSame) this.#show({ status, since: Date.now(), reason })
    this.#sleep(Math.min(refusedWait, firstRefusedWait * 2 ** this.#refusals))
    this.#refusals += 1
  }

  #unserved(form: Form, status: number): void {
    if (form === 'watch-list') {
      this.#options.withoutWatchList.add(this.#kindKey)
      this.#line.ask('page')
    } else if (form === 'watch' && status === 405) {
      this.#version = undefined
      this.#rightAt = Date.now()
      this.#rest('this kind cannot be watched; it is read again every 15 seconds', pollWait)
    } else this.#relist(`the cluster answered ${status}`)
  }

  #endedByCluster({ code, message }: { readonly code: number; readonly message: string }): void {
    const { form } = this.#line
    if (code === 410) this.#expired()
    else if (form === 'watch-list' && (code === 400 || code === 422)) this.#unserved(form, code)
    else this.#relist(`the cluster ended the watch: ${message || code}`)
  }

  #expired(): void {
    this.listFrom = this.#line.isFollowing ? 'whole' : 'store'
    this.#relist('the cluster no longer knows what changed since')
  }

  #relist(reason: string): void {
    this.#line.quit()
    this.#version = this.#liveSince = this.#standsSince = undefined
    const isFirst = this.#rightAt === undefined
    this.#show(
      isFirst ? { status: 'loading', reason: sentence(reason) } : this.#old('relisting', reason),
    )
    this.#sleep(this.#backOff.next())
  }

  #sleep(milliseconds: number): void {
    this.#wakeAt = performance.now() + milliseconds
    if (milliseconds === 0) setImmediate(() => this.beat(performance.now(), false))
  }

  #old = (status: 'stale' | 'relisting', reason?: string): State => ({
    status,
    ...(this.#rightAt !== undefined && { since: this.#rightAt }),
    ...(reason !== undefined && { reason: sentence(reason) }),
  })

  #show(state: State): void {
    if (this.status === 'live' && state.status === 'live') return
    this.#state = state
    this.#options.engine.post({ type: 'state', feed: this.id, state })
  }
}

const verbs: Readonly<Record<Form, string>> = {
  'watch-list': 'list and watch',
  page: 'list',
  watch: 'watch',
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
