import type { KindRef, Place } from '#gateway/place.ts'
import { useView, type ViewState } from '../../data/views.ts'

/** Numbers about all of a kind in one place; no rows travel for it. */
export const useNumbers = (place: Place, kind: KindRef): ViewState =>
  useView({ sources: [place], ...kind, sort: [], offset: 0, limit: 0 })

export const kinds = {
  pods: { group: '', version: 'v1', resource: 'pods' },
  nodes: { group: '', version: 'v1', resource: 'nodes' },
  events: { group: '', version: 'v1', resource: 'events' },
  deployments: { group: 'apps', version: 'v1', resource: 'deployments' },
  statefulSets: { group: 'apps', version: 'v1', resource: 'statefulsets' },
  daemonSets: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  jobs: { group: 'batch', version: 'v1', resource: 'jobs' },
  claims: { group: '', version: 'v1', resource: 'persistentvolumeclaims' },
} as const satisfies Record<string, KindRef>
