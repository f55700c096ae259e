import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Place } from '#gateway/place.ts'
import type { ViewQuery } from '#gateway/views.ts'
import { pagePace } from './drawing-pace.ts'
import { LiveViews } from './live-views.ts'
import type { ViewState } from './view-state.ts'
import { isAmong, stalePlaces } from './stale-places.ts'
import { createViewsLine } from './views-line.ts'

export type { ViewState } from './view-state.ts'

const views = new LiveViews({
  send: (ask) => {
    line.send(ask)
  },
  wake: () => {
    line.wake()
  },
  rest: () => {
    line.rest()
  },
  freshened: lookForStale,
  pace: pagePace,
})

let stale = ''
const staleListeners = new Set<() => void>()

function lookForStale() {
  const seen = [...views].map(({ query, state }) => ({
    sources: query.sources,
    freshness: state.freshness,
  }))
  const found = stalePlaces(seen)
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

const line = createViewsLine({
  opened: () => {
    for (const { opening } of views) line.send(opening)
    if (document.hidden) pauseAll()
  },
  answered: (answer) => {
    views.answered(answer)
  },
  lost: (since) => {
    for (const view of views) view.cutOff(since)
  },
  /** The gateway refuses the stream itself; asking again would change nothing. */
  refused: (error) => {
    for (const view of views) view.fail(error)
  },
  isUsed: () => views.size > 0,
})

const pauseAll = () => {
  for (const { number } of views) line.send({ type: 'pause', view: number })
}

// Nobody looks at a hidden window; the next `window` brings what has changed.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return pauseAll()
  line.check()
  for (const { resuming } of views) line.send(resuming)
})

export interface ViewHandle {
  readonly window: (offset: number, limit: number) => void
  readonly retry: () => void
}

/** Keeps a live query open for as long as the component is there. Without a query nothing is asked. */
export function useView(query: ViewQuery | undefined): ViewState & ViewHandle {
  const [hold] = useState(() => views.hold())
  const key = query && JSON.stringify(query)
  useEffect(() => {
    hold.ask(key === undefined ? undefined : (JSON.parse(key) as ViewQuery))
  }, [hold, key])
  useEffect(
    () => () => {
      hold.ask(undefined)
    },
    [hold],
  )
  const state = useSyncExternalStore(hold.subscribe, hold.state)
  return { ...state, window: hold.window, retry: hold.retry }
}
