import { usePlaces } from './places.ts'
import { useRoute } from './route.ts'
import { useKindIn } from './use-kinds.ts'

interface Seen {
  readonly namespaces?: readonly string[] | undefined
  /** Undefined while it is not known. */
  readonly namespaced: boolean | undefined
}

/** What is kept of the choice after a list was seen: one of the whole cluster has none, and changes none. */
const namespacesAfter = (
  before: readonly string[] | undefined,
  { namespaces, namespaced }: Seen,
): readonly string[] | undefined => namespaces ?? (namespaced ? undefined : before)

const kept = new Map<string, readonly string[] | undefined>()

/** The namespaces that were chosen last where one looks, also while no list is shown. */
export function useKeptNamespaces(): readonly string[] | undefined {
  const route = useRoute()
  const places = usePlaces()
  const list = route.screen === 'list' ? route : undefined
  const kind = useKindIn(list ? places : [], list?.kind)
  const clusters = places.map((it) => it.cluster).join('+')
  const before = kept.get(clusters)
  if (!list) return before
  const after = namespacesAfter(before, {
    namespaces: list.namespaces,
    namespaced: kind?.namespaced,
  })
  kept.set(clusters, after)
  return after
}
