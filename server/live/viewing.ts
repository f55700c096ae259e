import { randomUUID } from 'node:crypto'
import type { AccessRoom, Identity, StreamEnd } from '../access/index.ts'
import type { Attempt, Audit } from '../audit/index.ts'
import { AppError, toErrorBody } from '../contract/errors.ts'
import type { StreamPort } from '../contract/streams.ts'
import type { ViewAsk, ViewQuery } from '../contract/views.ts'
import type { Rate } from '../policies/rate.ts'
import { wordsFor } from '../policies/stream-ends.ts'
import { checkQuery } from './check-query.ts'
import type { Feeds, Lease } from './feeds.ts'
import { lookedAt } from './looked-at.ts'
import { makeUp } from './makeup.ts'
import type { Window } from './messages.ts'
import { isRefusal, rightsFor, type SourceAnswer, type SourceRight } from './rights.ts'
import type { Engine } from './thread.ts'

export interface Viewer {
  readonly identity: Identity
  readonly source: string
  readonly requestId: string
}

export interface ViewingDeps {
  readonly access: AccessRoom
  readonly audit: Audit
  readonly engine: Engine
  readonly feeds: Feeds
  /** What a person may have decided; views of many places cost more. */
  readonly allowance: Rate
  readonly now: () => number
  /** What failed without anybody’s fault but ours. */
  readonly broke: (error: unknown) => void
}

interface OpenView {
  readonly number: number
  query: ViewQuery
  /** What is being decided; an answer to an older question is dropped. */
  turn: number
  /** Grows with what it is made of; what the engine said under an older one is dropped. */
  decision: number
  leases: readonly Lease[]
  /** Takes its streams off the registry. */
  ends: readonly (() => void)[]
  made: string
  paused: boolean
  window: Window
  timer: NodeJS.Timeout | undefined
  /** Whether the engine knows it. */
  seated: boolean
  /** Whether it has begun to be shown: from then on its rights may not stay undecided. */
  audited: string
}

/** Of one window: views with rows, and all of them; one of numbers only costs next to nothing beside its feed. */
const mostWithRows = 128
const mostViews = 512
/** A decision about rights that does not come in this time is a refusal. */
const patience = 800
const firstPatience = 8000
const longestTimer = 2 ** 31 - 1

/** The views of one window, each under the person’s own rights, now and whenever those change. */
export class Viewing {
  readonly port: number
  readonly #deps: ViewingDeps
  readonly #viewer: Viewer
  readonly #stream: StreamPort
  readonly #views = new Map<number, OpenView>()
  #closed = false

  constructor(port: number, its: { viewer: Viewer; stream: StreamPort }, deps: ViewingDeps) {
    this.port = port
    this.#viewer = its.viewer
    this.#stream = its.stream
    this.#deps = deps
  }

  get identity(): Identity {
    return this.#viewer.identity
  }

  get count(): number {
    return this.#views.size
  }

  handle(ask: ViewAsk): void {
    if (this.#closed) return
    if (ask.type === 'open' || ask.type === 'change') {
      this.#ask(ask.view, ask.query)
      return
    }
    const view = this.#views.get(ask.view)
    if (!view) return
    const { port } = this
    switch (ask.type) {
      case 'close':
        this.#end(view, 'kept')
        break
      case 'pause':
        view.paused = true
        this.#post(view, { type: 'pause', port, view: ask.view })
        break
      case 'window':
        this.#move(view, { offset: ask.offset, limit: ask.limit })
        break
      case 'ack':
        this.#post(view, ask.type === 'ack' ? { ...ask, port } : ask)
    }
    this.#look(view)
  }

  #move(view: OpenView, window: Window): void {
    if (window.limit > 0 && !this.#hasRoom(view, window)) {
      this.#refuse(view, tooMany(window))
      return
    }
    view.paused = false
    view.window = window
    this.#post(view, { type: 'window', port: this.port, view: view.number, window })
    for (const { feed } of view.leases) feed.wake()
  }

  /** What the engine has to say, unless the right to it has changed meanwhile. */
  say({ view: number, decision, json }: { view: number; decision: number; json: string }): void {
    if (this.#views.get(number)?.decision === decision) this.#stream.sendText(json)
  }

  failed(its: { view: number; decision: number; error: unknown }): void {
    const view = this.#views.get(its.view)
    if (view?.decision === its.decision) this.#refuse(view, its.error)
  }

  /** Asks again what may be seen: somebody’s rights have changed. */
  reconsider(): void {
    for (const view of this.#views.values()) this.#decide(view)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const view of this.#views.values()) this.#end(view, 'kept')
    this.#deps.engine.post({ type: 'gone', port: this.port })
  }

  #ask(number: number, query: ViewQuery): void {
    const known = this.#views.get(number)
    const { offset, limit } = query
    try {
      if (!this.#hasRoom(known, query)) throw tooMany(query)
      if (!this.#deps.allowance.take(costOf(query)))
        throw new AppError('rate_limited', 'You ask for too many views at a time', {
          retryAfter: 1,
        })
      checkQuery(query)
    } catch (error) {
      if (known) this.#end(known, 'kept')
      this.#stream.send({ type: 'failed', view: number, error: toErrorBody(error) })
      return
    }
    const view = known ?? newView(number, query)
    view.query = query
    view.window = { offset, limit }
    view.paused = false
    view.made = ''
    this.#views.set(number, view)
    for (const { feed } of view.leases) feed.wake()
    this.#decide(view)
  }

  /** Whether one more with such a window fits beside the others; what only counts takes no room from rows. */
  #hasRoom(known: OpenView | undefined, { limit }: Pick<Window, 'limit'>): boolean {
    const others = [...this.#views.values()].filter((it) => it !== known)
    if (limit === 0) return others.length < mostViews
    return others.filter((it) => it.window.limit > 0).length < mostWithRows
  }

  #decide(view: OpenView): void {
    const turn = (view.turn += 1)
    const { access, now } = this.#deps
    const isCurrent = () => view.turn === turn && this.#views.get(view.number) === view
    const tooLong = setTimeout(
      () => {
        if (isCurrent()) this.#fail(view, undecided())
      },
      view.seated ? patience : firstPatience,
    )
    rightsFor(view.query, { access, identity: this.identity, now: now() })
      .then((answers) => {
        if (isCurrent()) this.#apply(view, answers)
      })
      .catch((error: unknown) => {
        if (!(error instanceof AppError)) this.#deps.broke(error)
        if (isCurrent()) this.#fail(view, error)
      })
      .finally(() => clearTimeout(tooLong))
  }

  #apply(view: OpenView, answers: readonly SourceAnswer[]): void {
    const rights = answers.filter((it): it is SourceRight => !isRefusal(it))
    this.#record(view, answers)
    const [first] = answers
    if (rights.length === 0) {
      this.#fail(view, first && isRefusal(first) ? first.error : undecided())
      return
    }
    this.#register(view, rights)
    const { makeup, leases } = makeUp(view.query, answers, this.#deps.feeds)
    const isAsked = view.made === ''
    // What new rights do not reach is kept for nobody’s return.
    for (const lease of view.leases) lease.release(isAsked ? 'kept' : 'gone')
    view.leases = leases
    this.#look(view)
    const made = JSON.stringify(makeup)
    if (made === view.made) return
    view.made = made
    view.decision += 1
    const { port } = this
    const payer = this.identity.person.id
    const { number, decision, window } = view
    const query = { ...view.query, ...window }
    if (isAsked)
      this.#deps.engine.post({ type: 'open', port, payer, view: number, decision, query, makeup })
    else this.#deps.engine.post({ type: 'makeup', port, view: number, decision, makeup })
    view.seated = true
    if (view.paused) this.#post(view, { type: 'pause', port, view: number })
  }

  /** Whatever ends a right ends what it carries; what is left is decided anew. */
  #register(view: OpenView, rights: readonly SourceRight[]): void {
    const { streams } = this.#deps.access
    const before = view.ends
    view.ends = rights.map(({ access, grantIds }) =>
      streams.open({
        access,
        grantIds,
        kind: 'watch',
        close: (reason) => this.#ended(view, reason),
      }),
    )
    for (const end of before) end()
    clearTimeout(view.timer)
    const grants = rights.flatMap(({ access, grantIds }) =>
      access.scopes.filter((it) => grantIds.includes(it.grantId)),
    )
    const next = Math.min(...grants.map((it) => it.expires?.getTime() ?? Infinity))
    if (next === Infinity) return
    // A grant among several may end before the others.
    const wait = Math.min(Math.max(0, next - this.#deps.now()) + 5, longestTimer)
    view.timer = setTimeout(() => this.#decide(view), wait).unref()
  }

  #ended(view: OpenView, reason: StreamEnd): void {
    if (this.#views.get(view.number) !== view) return
    if (reason === 'session ended' || reason === 'person removed')
      this.#fail(view, new AppError('unauthenticated', wordsFor[reason]))
    else if (reason === 'draining') this.#fail(view, new AppError('unavailable', wordsFor[reason]))
    else this.#decide(view)
  }

  /** Closes what may be asked for again. */
  #refuse(view: OpenView, error: unknown): void {
    this.#stream.send({ type: 'failed', view: view.number, error: toErrorBody(error) })
    this.#end(view, 'kept')
  }

  #fail(view: OpenView, error: unknown): void {
    this.#stream.send({ type: 'failed', view: view.number, error: toErrorBody(error) })
    this.#end(view, 'gone')
  }

  #end(view: OpenView, how: 'kept' | 'gone'): void {
    this.#views.delete(view.number)
    clearTimeout(view.timer)
    for (const end of view.ends) end()
    for (const lease of view.leases) lease.release(how)
    view.ends = view.leases = []
    this.#post(view, { type: 'close', port: this.port, view: view.number })
  }

  #post(view: OpenView, message: Parameters<Engine['post']>[0]): void {
    if (view.seated) this.#deps.engine.post(message)
  }

  #look({ leases, paused, window }: OpenView): void {
    for (const lease of leases) lease.look(!paused && window.limit > 0)
  }

  /** Once for each thing that was asked for, and again when the answer is another. */
  #record(view: OpenView, answers: readonly SourceAnswer[]): void {
    const { group, version, resource, namespaces } = view.query
    const outcome = answers.map((it) =>
      isRefusal(it) ? [it.place, it.error.message] : [it.place, it.reach, it.refused],
    )
    const audited = JSON.stringify([group, version, resource, namespaces, outcome])
    if (audited === view.audited) return
    view.audited = audited
    const refuse = (answer: SourceAnswer, names: readonly string[], reason: string) => {
      const attempt = this.#attempt(view.query, answer, names)
      this.#deps.audit.event({ ...attempt, result: 'refused', reason }).catch(() => undefined)
    }
    for (const answer of answers) {
      if (isRefusal(answer)) {
        refuse(answer, namespaces ?? [], answer.error.message)
        continue
      }
      const { reach, refused, grantIds } = answer
      const seen = reach.status === 'only' ? reach.namespaces : []
      const attempt = this.#attempt(view.query, answer, seen)
      this.#deps.audit.read({ ...attempt, grants: [...grantIds] })
      const [first] = refused
      const names = refused.map((it) => it.namespace)
      if (first) refuse(answer, names, first.reason)
    }
  }

  /** Names what was looked at and no more; without a namespace that is the whole cluster. */
  #attempt(query: ViewQuery, { place }: SourceAnswer, namespaces: readonly string[]): Attempt {
    const { person, session } = this.identity
    const { group, resource } = query
    const [namespace, ...others] = namespaces
    return {
      id: randomUUID(),
      action: 'view',
      result: 'allowed',
      person: person.name,
      personId: person.id,
      session: session.id,
      source: this.#viewer.source,
      cluster: place.cluster,
      profile: place.profile,
      verb: 'list',
      group,
      resource,
      ...(namespace !== undefined && others.length === 0 && { namespace }),
      detail: {
        request: this.#viewer.requestId,
        ...(others.length > 0 && lookedAt(namespaces)),
      },
    }
  }
}

/** Each namespace of each place is decided for itself. */
const costOf = ({ sources, namespaces = [] }: ViewQuery) =>
  sources.length * Math.max(1, namespaces.length)

const tooMany = ({ limit }: Pick<Window, 'limit'>) =>
  new AppError(
    'rate_limited',
    limit > 0
      ? `A window has at most ${mostWithRows} views with rows`
      : `A window has at most ${mostViews} views`,
  )

const newView = (number: number, query: ViewQuery): OpenView => ({
  number,
  query,
  turn: 0,
  decision: 0,
  leases: [],
  ends: [],
  made: '',
  paused: false,
  window: query,
  timer: undefined,
  seated: false,
  audited: '',
})

const undecided = () =>
  new AppError('unavailable', 'Your rights to this could not be checked in time; try again', {
    retryAfter: 1,
  })
