import type { Place } from '#gateway/place.ts'
import { parseHash, type Route } from './route-text.ts'

export const placesOf = (route: Route): readonly Place[] =>
  route.screen === 'list' || route.screen === 'overview' ? route.places : []

export const samePlace = (a: Place, b: Place): boolean =>
  a.cluster === b.cluster && a.profile === b.profile

interface Known {
  /** Where the person was since the window was opened. */
  readonly last: readonly Place[]
  /** Addresses from before, newest first. */
  readonly recent: readonly string[]
  /** What may be used now, in the order of the rail. */
  readonly usable: readonly Place[]
  /** Of each cluster the profile that was used last, in the order of the rail. */
  readonly clusters: readonly Place[]
}

/** What is looked at where the address names no place: the last ones that may still be used, else the first. */
export function fallbackPlaces({ last, recent, usable, clusters }: Known): readonly Place[] {
  for (const places of [last, ...recent.map((it) => placesOf(parseHash(it)))]) {
    const left = places.filter((it) => usable.some((one) => samePlace(one, it)))
    if (left.length > 0) return left
  }
  return clusters.slice(0, 1)
}
