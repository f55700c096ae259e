import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ErrorBody } from '#gateway/errors.ts'
import type { Place } from '#gateway/place.ts'
import type { ViewAnswer, ViewAsk, ViewQuery } from '#gateway/views.ts'
import { pagePace } from './drawing-pace.ts'
import { applyUpdate, asStale, emptyView, sameSubject, type ViewState } from './view-state.ts'
import { isAmong, stalePlaces } from './stale-places.ts'
import { createViewsLine } from './views-line.ts'

export type { ViewState } from './view-state.ts'

/** One live query; its number on the wire changes when it asks about something else. */
class LiveView {
  #number = 0
  #query: ViewQuery | undefined
  #state: ViewState = emptyView
  /** What is not acknowledged yet, and how to do that at once. */
  #unsaid: number | undefined
  #acknowledge = () => {}
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  readonly state = () => this.#state

  readonly ask = (query: ViewQuery | undefined) => {
    const before = this.#query
    this.#query = query
    if (before && query && this.#number !== 0 && sameSubject(before, query))
      return line.send({ type: 'change', view: this.#number, query })
    this.#leave()
    this.#become(emptyView)
    if (!query) return
    lastNumber += 1
    this.#number = lastNumber
    views.set(this.#number, this)
    line.wake()
    line.send({ type: 'open', view: this.#number, query })
  }

  /** Asks for other rows of the same answer. */
  readonly window = (offset: number, limit: number) => {
    const query = this.#query
    if (!query || (query.offset === offset && query.limit === limit)) return
    this.#query = { ...query, offset, limit }
    this.#acknowledge()
    line.send({ type: 'window', view: this.#number, offset, limit })
  }

  /** Asks all over again after a failure that may have passed. */
  readonly retry = () => {
    const query = this.#query
    this.#query = undefined
    this.ask(query)
  }

  get seen() {
    return { sources: this.#query?.sources ?? [], freshness: this.#state.freshness }
  }

  /** What to say to a new line. */
  get opening(): ViewAsk | undefined {
    const query = this.#query
    return query && { type: 'open', view: this.#number, query }
  }

  get resuming(): ViewAsk | undefined {
    const query = this.#query
    if (!query) return undefined
    return { type: 'window', view: this.#number, offset: query.offset, limit: query.limit }
  }

  take(answer: ViewAnswer) {
    if (answer.type === 'failed') return this.fail(answer.error)
    const { view, revision } = answer
    this.#unsaid = revision
    const draw = () => {
      this.#become(applyUpdate(this.#state, answer))
    }
    this.#acknowledge = pagePace.drawn(draw, () => {
      if (this.#unsaid === revision) line.send({ type: 'ack', view, revision })
    })
  }

  fail(error: ErrorBody) {
    // What was seen before a refusal may not be seen any more.
    this.#become({ ...emptyView, columns: this.#state.columns, status: 'failed', error })
  }

  cutOff(since: number) {
    this.#unsaid = undefined
    this.#become(asStale(this.#state, since))
  }

  #leave() {
    if (this.#number === 0) return
    this.#unsaid = undefined
    views.delete(this.#number)
    line.send({ type: 'close', view: this.#number })
    this.#number = 0
    if (views.size === 0) line.rest()
  }

  #become(state: ViewState) {
    const isOther = this.#state.freshness !== state.freshness
    this.#state = state
    for (const tell of this.#listeners) tell()
    if (isOther) lookForStale()
  }
}

const views = new Map<number, LiveView>()

let stale = ''
const staleListeners = new Set<() => void>()

function lookForStale() {
  const found = stalePlaces([...views.values()].map((it) => it.seen))
  if (found === stale) return
  stale = found
  for (const tell of staleListeners) tell()
}

function listenForStale(listener: () => void) {
  staleListeners.add(listener)
  return () => {
    staleListeners.delete(listener)
  }
}

/** Whether any view shows a place as it was some time ago. */
export const useIsStale = (place: Place): boolean =>
  useSyncExternalStore(listenForStale, () => isAmong(stale, place))

let lastNumber = 0

const line = createViewsLine({
  opened: () => {
    const asks = [...views.values()].map((it) => it.opening)
    for (const ask of asks) if (ask) line.send(ask)
    if (document.hidden) pauseAll()
  },
  answered: (answer) => views.get(answer.view)?.take(answer),
  lost: (since) => {
    for (const view of views.values()) view.cutOff(since)
  },
  /** The gateway refuses the stream itself; asking again would change nothing. */
  refused: (error) => {
    for (const view of views.values()) view.fail(error)
  },
  isUsed: () => views.size > 0,
})

const pauseAll = () => {
  for (const view of views.keys()) line.send({ type: 'pause', view })
}

// Nobody looks at a hidden window; the next `window` brings what has changed.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return pauseAll()
  line.check()
  for (const view of views.values()) {
    const ask = view.resuming
    if (ask) line.send(ask)
  }
})

export interface ViewHandle {
  readonly window: (offset: number, limit: number) => void
  readonly retry: () => void
}

/** Keeps a live query open for as long as the component is there. Without a query nothing is asked. */
export function useView(query: ViewQuery | undefined): ViewState & ViewHandle {
  const [view] = useState(() => new LiveView())
  const key = query && JSON.stringify(query)
  useEffect(() => {
    view.ask(key === undefined ? undefined : (JSON.parse(key) as ViewQuery))
  }, [view, key])
  useEffect(
    () => () => {
      view.ask(undefined)
    },
    [view],
  )
  const state = useSyncExternalStore(view.subscribe, view.state)
  return { ...state, window: view.window, retry: view.retry }
}
