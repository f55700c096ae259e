import type { ErrorBody } from '#gateway/errors.ts'
import type { ViewAnswer, ViewAsk, ViewQuery } from '#gateway/views.ts'
import type { DrawingPace } from './drawing-pace.ts'
import { applyUpdate, asStale, emptyView, sameSubject, type ViewState } from './view-state.ts'

/** The way to the gateway. What is sent while there is none is lost: all views open anew when it is back. */
export interface ViewsWire {
  send(ask: ViewAsk): void
  /** A view is to be opened. */
  wake(): void
  /** The last one was closed. */
  rest(): void
  /** How fresh something is has changed. */
  freshened(): void
  /** When more is asked for after something came. */
  readonly pace: Pick<DrawingPace, 'drawn'>
}

/** One live query on the wire, for as many as want to know its answer. */
class LiveView {
  readonly number: number
  /** Under which others find it; absent where the window of rows is its own. */
  key: string | undefined
  query: ViewQuery
  state: ViewState = emptyView
  readonly holders = new Set<() => void>()
  readonly #wire: ViewsWire
  /** What is not acknowledged yet, and how to do that at once. */
  #unsaid: number | undefined
  #acknowledge = () => {}

  constructor(
    number: number,
    asked: { query: ViewQuery; key: string | undefined },
    wire: ViewsWire,
  ) {
    this.number = number
    this.query = asked.query
    this.key = asked.key
    this.#wire = wire
  }

  get opening(): ViewAsk {
    return { type: 'open', view: this.number, query: this.query }
  }

  get resuming(): ViewAsk {
    const { offset, limit } = this.query
    return { type: 'window', view: this.number, offset, limit }
  }

  /** Another question about the same objects. */
  change(query: ViewQuery) {
    this.query = query
    this.#wire.send({ type: 'change', view: this.number, query })
  }

  window(offset: number, limit: number) {
    if (this.query.offset === offset && this.query.limit === limit) return
    this.query = { ...this.query, offset, limit }
    this.#acknowledge()
    this.#wire.send(this.resuming)
  }

  /** The gateway has closed it; asks all over again. */
  again() {
    this.#unsaid = undefined
    this.become(emptyView)
    this.#wire.send(this.opening)
  }

  take(answer: ViewAnswer) {
    if (answer.type === 'failed') return this.fail(answer.error)
    const { view, revision } = answer
    this.#unsaid = revision
    const draw = () => {
      this.become(applyUpdate(this.state, answer))
    }
    this.#acknowledge = this.#wire.pace.drawn(draw, () => {
      if (this.#unsaid === revision) this.#wire.send({ type: 'ack', view, revision })
    })
  }

  fail(error: ErrorBody) {
    // What was seen before a refusal may not be seen any more.
    this.become({ ...emptyView, columns: this.state.columns, status: 'failed', error })
  }

  cutOff(since: number) {
    this.#unsaid = undefined
    this.become(asStale(this.state, since))
  }

  close() {
    this.#unsaid = undefined
    this.#wire.send({ type: 'close', view: this.number })
  }

  become(state: ViewState) {
    const isOther = this.state.freshness !== state.freshness
    this.state = state
    for (const tell of this.holders) tell()
    if (isOther) this.#wire.freshened()
  }
}

/** All views of the window. Those that ask for the same numbers are one; rows have a window of their own each. */
export class LiveViews {
  readonly #wire: ViewsWire
  readonly #views = new Map<number, LiveView>()
  readonly #shared = new Map<string, LiveView>()
  #last = 0

  constructor(wire: ViewsWire) {
    this.#wire = wire
  }

  get size(): number {
    return this.#views.size
  }

  [Symbol.iterator](): Iterator<LiveView> {
    return this.#views.values()
  }

  answered(answer: ViewAnswer) {
    this.#views.get(answer.view)?.take(answer)
  }

  /** What one who looks holds on to, whatever it asks over time. */
  hold(): ViewHold {
    return new ViewHold((holder, before, query) => this.#exchange(holder, before, query))
  }

  #exchange(holder: () => void, before: LiveView | undefined, query: ViewQuery | undefined) {
    const key = query && sharedKey(query)
    const known = key === undefined ? undefined : this.#shared.get(key)
    if (before && query && !known && this.#mayBecome(before, query, key)) {
      this.#rename(before, key)
      before.change(query)
      return before
    }
    if (before && before !== known) this.#leave(holder, before)
    if (known) return this.#join(known, holder)
    return query && this.#join(this.#open(query, key, before), holder)
  }

  #join(view: LiveView, holder: () => void): LiveView {
    view.holders.add(holder)
    if (view.state.status === 'failed') view.again()
    return view
  }

  /** Nobody else needs its answer, and its rows may stay until the next one comes. */
  #mayBecome = (view: LiveView, query: ViewQuery, key: string | undefined) =>
    view.holders.size === 1 &&
    (view.key === undefined) === (key === undefined) &&
    sameSubject(view.query, query)

  #rename(view: LiveView, key: string | undefined) {
    if (view.key !== undefined) this.#shared.delete(view.key)
    view.key = key
    if (key !== undefined) this.#shared.set(key, view)
  }

  #open(query: ViewQuery, key: string | undefined, before: LiveView | undefined): LiveView {
    this.#last += 1
    const view = new LiveView(this.#last, { query, key }, this.#wire)
    // As with a change: what was known of the same objects stays until there is an answer.
    if (before?.state.status === 'open' && sameSubject(before.query, query))
      view.state = before.state
    this.#views.set(view.number, view)
    if (key !== undefined) this.#shared.set(key, view)
    this.#wire.wake()
    this.#wire.send(view.opening)
    return view
  }

  #leave(holder: () => void, view: LiveView) {
    view.holders.delete(holder)
    if (view.key === undefined) this.#close(view)
    // One screen goes and another comes in the same turn, and may want the same numbers.
    else if (view.holders.size === 0) queueMicrotask(() => this.#close(view))
  }

  #close(view: LiveView) {
    if (view.holders.size > 0 || !this.#views.delete(view.number)) return
    if (view.key !== undefined) this.#shared.delete(view.key)
    view.close()
    this.#wire.freshened()
    if (this.#views.size === 0) this.#wire.rest()
  }
}

/** Without rows neither order nor window matter. */
function sharedKey(query: ViewQuery): string | undefined {
  if (query.limit > 0) return undefined
  const { sources, group, version, resource, namespaces } = query
  const { labels, text, statuses, tones, owner } = query
  const places = sources.map(({ cluster, profile }) => [cluster, profile])
  return JSON.stringify([
    [places, group, version, resource, namespaces],
    [labels, text, statuses, tones, owner],
  ])
}

type Exchange = (
  holder: () => void,
  before: LiveView | undefined,
  query: ViewQuery | undefined,
) => LiveView | undefined

/** What one who looks has of a view. */
export class ViewHold {
  readonly #exchange: Exchange
  #view: LiveView | undefined
  readonly #listeners = new Set<() => void>()

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  readonly state = (): ViewState => this.#view?.state ?? emptyView

  /** Asks; without a query nothing any more. */
  readonly ask = (query: ViewQuery | undefined) => {
    const before = this.state()
    this.#view = this.#exchange(this.#tell, this.#view, query)
    if (this.state() !== before) this.#tell()
  }

  /** Asks for other rows of the same answer. */
  readonly window = (offset: number, limit: number) => {
    this.#view?.window(offset, limit)
  }

  /** Asks all over again after a failure that may have passed. */
  readonly retry = () => {
    this.#view?.again()
  }

  readonly #tell = () => {
    for (const tell of this.#listeners) tell()
  }
}
