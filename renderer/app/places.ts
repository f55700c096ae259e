import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import type { Context } from '#gateway/contexts.ts'
import type { Kind } from '#gateway/kinds.ts'
import type { KindRef, Place } from '#gateway/place.ts'
import { contextsOfPerson } from '../data/contexts.ts'
import { kindsOf } from '../data/kinds.ts'
import { fallbackPlaces, placesOf } from './fallback-places.ts'
import { usePrefs } from './prefs.ts'
import { useRoute } from './route.ts'

export { samePlace } from './fallback-places.ts'

export const placeOf = ({ clusterId, profileName }: Context): Place => ({
  cluster: clusterId,
  profile: profileName,
})

/** Where the person is; on a screen of no cluster, where they were, else where they can begin. */
export function usePlaces(): readonly Place[] {
  const here = placesOf(useRoute())
  const clusters = useClusters()
  const recent = usePrefs((it) => it.recent)
  if (here.length === 0)
    return fallbackPlaces({
      last,
      recent: recent.map((it) => it.path),
      usable: clusters.flatMap((it) => it.contexts.map(placeOf)),
      clusters: clusters.map((it) => it.place),
    })
  last = here
  return here
}
let last: readonly Place[] = []

export interface Cluster {
  readonly id: string
  readonly name: string
  readonly contexts: readonly Context[]
  /** With the profile that was used last. */
  readonly place: Place
}

/** The clusters of the rail in the person’s own order, new ones at the end. */
export function useClusters(): readonly Cluster[] {
  const { data: contexts } = useSuspenseQuery(contextsOfPerson)
  const { clusterOrder, profiles } = usePrefs()
  const ids = [...new Set(contexts.map((it) => it.clusterId))]
  const rank = (id: string) => {
    const at = clusterOrder.indexOf(id)
    return at < 0 ? clusterOrder.length + ids.indexOf(id) : at
  }
  return ids
    .sort((a, b) => rank(a) - rank(b))
    .map((id) => {
      const own = contexts.filter((it) => it.clusterId === id)
      const used = own.find((it) => it.profileName === profiles[id]) ?? own[0]
      return {
        id,
        name: used?.clusterName ?? id,
        contexts: own,
        place: { cluster: id, profile: used?.profileName ?? '' },
      }
    })
}

/** How people call a cluster; its id where it is not known. */
export function useClusterName(): (id: string) => string {
  const clusters = useClusters()
  return (id) => clusters.find((it) => it.id === id)?.name ?? id
}

/** What the cluster calls a kind; undefined until it is known, or when it is served no more. */
export function useKind(place: Place | undefined, ref: KindRef | undefined): Kind | undefined {
  const { data } = useQuery({
    ...kindsOf(place ?? { cluster: '', profile: '' }),
    enabled: place !== undefined,
  })
  return data?.kinds.find((it) => it.group === ref?.group && it.resource === ref.resource)
}
