import { useSyncExternalStore } from 'react'
import { parseHash, hashOf, type Route } from './route-text.ts'

export type { ListRoute, OpenObject, Route } from './route-text.ts'

/** The address below the hash is the truth for what is shown; it can be sent to a colleague. */
export const hrefOf = (route: Route): string => `#${hashOf(route)}`

/** Goes to a view. Changes of a filter replace the entry, so that Back leaves the view. */
export function go(route: Route, how: 'push' | 'replace' = 'push'): void {
  const href = hrefOf(route)
  if (href === window.location.hash) return
  if (how === 'push') window.history.pushState(undefined, '', href)
  else window.history.replaceState(undefined, '', href)
  for (const tell of listeners) tell()
}

/** A path of the router that came from outside: a deep link, the tray. */
export function goTo(path: string): void {
  go(parseHash(path.replace(/^#/, '')))
}

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('hashchange', listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('hashchange', listener)
    window.removeEventListener('popstate', listener)
  }
}

let known: { hash: string; route: Route } | undefined

/** The same hash gives the very same route, so that hooks may depend on it. */
export function currentRoute(): Route {
  const { hash } = window.location
  if (known?.hash !== hash) known = { hash, route: parseHash(hash.replace(/^#/, '')) }
  return known.route
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, currentRoute)
