import type { StatusCell } from '../../../contract/views.ts'
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../fields/apps.ts'
import { conditionOf, isFalse, isTrue, said, sayingOf } from './tones.ts'

interface Seen {
  readonly metadata?: { readonly generation?: number | undefined } | undefined
  readonly status?: { readonly observedGeneration?: number | undefined } | undefined
}

/** Whether the controller has taken in what was last wanted. */
const isSeen = ({ metadata, status }: Seen) =>
  (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0)

const arrived = (wanted: number): StatusCell =>
  wanted === 0 ? said('Scaled to 0', 'done') : said('Ready', 'ok')

const scaling = (done: number, wanted: number, what: string): StatusCell =>
  said('Scaling', 'progress', `${done} of ${wanted} are ${what}`)

/** `Ready`, `Scaling` while it is on its way, `Stalled` when it does not get there by itself, `Paused`. */
export function deploymentStatus(it: Deployment): StatusCell {
  const { replicas: wanted = 1, paused = false } = it.spec ?? {}
  const stalled = stallOf(it.status?.conditions)
  if (stalled) return said('Stalled', 'failed', stalled)
  const { replicas, updated, available } = countsOf(it)
  const isThere = updated === wanted && replicas === wanted && available >= wanted
  if (isSeen(it) && isThere) return arrived(wanted)
  if (paused) return said('Paused', 'warning', `${updated} of ${wanted} are updated`)
  return scaling(available, wanted, 'available')
}

function countsOf({ status }: Deployment) {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {}
  return { replicas, updated: updatedReplicas, available: availableReplicas }
}

type Conditions = NonNullable<NonNullable<Deployment['status']>['conditions']>

/** Why a workload does not get on. */
function stallOf(conditions: Conditions | null | undefined): string | undefined {
  const failure = conditionOf(conditions, 'ReplicaFailure')
  if (isTrue(failure)) return sayingOf(failure)
  const progress = conditionOf(conditions, 'Progressing')
  return isFalse(progress) ? sayingOf(progress) : undefined
}

export function replicaSetStatus({ spec, status }: ReplicaSet): StatusCell {
  const { replicas: wanted = 1 } = spec ?? {}
  const { conditions, replicas = 0, availableReplicas = 0 } = status ?? {}
  const stalled = stallOf(conditions)
  if (stalled) return said('Stalled', 'failed', stalled)
  if (replicas === wanted && availableReplicas >= wanted) return arrived(wanted)
  return scaling(availableReplicas, wanted, 'available')
}

interface Updated {
  readonly updateStrategy?: { readonly type?: string | undefined } | undefined
}

/** With OnDelete old pods stay until somebody deletes them; that is no waiting. */
const isUpdated = (updated: number, wanted: number, spec: Updated | undefined) =>
  updated >= wanted || spec?.updateStrategy?.type === 'OnDelete'

export function statefulSetStatus(it: StatefulSet): StatusCell {
  const { replicas: wanted = 1 } = it.spec ?? {}
  const { replicas = 0, readyReplicas: ready = 0, updatedReplicas: updated = 0 } = it.status ?? {}
  const isThere = replicas === wanted && ready >= wanted
  if (isSeen(it) && isThere && isUpdated(updated, wanted, it.spec)) return arrived(wanted)
  return ready < wanted ? scaling(ready, wanted, 'ready') : scaling(updated, wanted, 'updated')
}

export function daemonSetStatus(it: DaemonSet): StatusCell {
  const { desiredNumberScheduled: wanted = 0, numberReady: ready = 0 } = it.status ?? {}
  const { updatedNumberScheduled: updated = 0, numberAvailable: available = 0 } = it.status ?? {}
  const isThere = Math.min(ready, available) >= wanted
  if (isSeen(it) && isThere && isUpdated(updated, wanted, it.spec)) return placed(it)
  return ready < wanted ? scaling(ready, wanted, 'ready') : scaling(updated, wanted, 'updated')
}

function placed({ status }: DaemonSet): StatusCell {
  const { desiredNumberScheduled = 0, numberMisscheduled = 0 } = status ?? {}
  if (numberMisscheduled > 0)
    return said('Ready', 'warning', `${numberMisscheduled} run where they should not`)
  return desiredNumberScheduled === 0 ? said('No nodes', 'done') : said('Ready', 'ok')
}
