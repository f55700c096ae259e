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

/** Why numbers may not be taken at their word; undefined while they are live. */
export function doubtOf({ status, freshness, error }: ViewState) {
  if (status === 'failed') return { status: 'failed' as const, reason: error?.message }
  const worst = freshness.find((it) => it.status !== 'live')
  if (!worst || worst.status === 'live') return undefined
  return { status: worst.status, reason: worst.reason, since: worst.since }
}
