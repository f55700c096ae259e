import type { KindRef, Place } from '#gateway/place.ts'
import { samePlace } from '../fallback-places.ts'
import { nameOf } from '../kind-groups.ts'
import type { MergedKind } from '../merge-kinds.ts'

/** What people look for by name, most likely first. */
const usual: readonly KindRef[] = [
  { group: '', version: 'v1', resource: 'pods' },
  { group: 'apps', version: 'v1', resource: 'deployments' },
  { group: 'apps', version: 'v1', resource: 'statefulsets' },
  { group: '', version: 'v1', resource: 'services' },
  { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' },
  { group: '', version: 'v1', resource: 'configmaps' },
  { group: '', version: 'v1', resource: 'nodes' },
  { group: '', version: 'v1', resource: 'namespaces' },
  { group: 'apps', version: 'v1', resource: 'daemonsets' },
  { group: 'batch', version: 'v1', resource: 'cronjobs' },
  { group: 'batch', version: 'v1', resource: 'jobs' },
  { group: '', version: 'v1', resource: 'persistentvolumeclaims' },
  { group: '', version: 'v1', resource: 'secrets' },
  { group: 'apps', version: 'v1', resource: 'replicasets' },
]

/** Each is a view of the gateway while somebody searches. */
export const mostSought = 20
/** A search of many clusters is one of fewer kinds: each kind of each place is counted by the gateway. */
const mostAsked = 400

export interface Sought {
  readonly kind: KindRef
  /** Those that serve it, as far as that is known. */
  readonly places: readonly Place[]
}

interface Looking {
  readonly places: readonly Place[]
  readonly kinds: readonly MergedKind[]
  /** Places whose kinds are not known: they are asked all the same. */
  readonly unknown: readonly Place[]
  /** The kind of the list that is shown. */
  readonly present: KindRef | undefined
  /** By their names, as the tree keeps them. */
  readonly favourites: readonly string[]
  readonly maySecrets: (place: Place) => boolean
}

/** Which kinds a plain text is looked for in: the one that is shown, favourites, and the usual ones. */
export function soughtKinds(looking: Looking): readonly Sought[] {
  const { places, kinds, unknown, present, favourites, maySecrets } = looking
  const served = new Map(
    kinds.filter((it) => it.verbs.includes('list')).map((it) => [nameOf(it), it]),
  )
  const liked = favourites.flatMap((name) => served.get(name) ?? [])
  const wanted = new Map<string, KindRef>()
  for (const kind of [...(present ? [present] : []), ...liked.slice(0, 5), ...usual])
    if (!wanted.has(nameOf(kind))) wanted.set(nameOf(kind), kind)
  const most = Math.max(1, Math.min(mostSought, Math.floor(mostAsked / Math.max(1, places.length))))
  return [...wanted]
    .flatMap(([name, wish]): Sought[] => {
      const { group, version, resource } = served.get(name) ?? wish
      const holders = served.get(name)?.servedBy ?? []
      const asked = places
        .filter((it) => [...holders, ...unknown].some((one) => samePlace(one, it)))
        .filter((it) => name !== 'secrets' || maySecrets(it))
      return asked.length === 0 ? [] : [{ kind: { group, version, resource }, places: asked }]
    })
    .slice(0, most)
}
