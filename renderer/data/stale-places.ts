import type { Place } from '#gateway/place.ts'
import type { Freshness, Row } from '#gateway/views.ts'

interface Seen {
  readonly sources: readonly Place[]
  readonly freshness: readonly Freshness[]
}

const keyOf = ({ cluster, profile }: Place) => `${cluster}@${profile}`

/** What is shown until a list is whole again is as old as what was shown before. A first list replaces nothing. */
const isOld = (status: Freshness['status']) => status === 'stale' || status === 'relisting'

/** Places of which anything is shown as it was some time ago, sorted and in one text. */
export const stalePlaces = (views: Iterable<Seen>): string => {
  const found = new Set<string>()
  for (const { sources, freshness } of views)
    for (const { source, status } of freshness) {
      const place = sources[source]
      if (place && isOld(status)) found.add(keyOf(place))
    }
  return [...found].sort().join(' ')
}

/** Whether a place is among those of `stalePlaces`. */
export const isAmong = (places: string, place: Place): boolean =>
  places.split(' ').includes(keyOf(place))

/** Tells of a row whether what it shows is live no more. */
export function staleRows(freshness: readonly Freshness[]) {
  const parts = freshness.filter(({ status }) => isOld(status))
  return ({ source, namespace }: Pick<Row, 'source' | 'namespace'>): boolean =>
    parts.some(
      (it) => it.source === source && (it.namespace === undefined || it.namespace === namespace),
    )
}
