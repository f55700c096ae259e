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

/** All pods that are wanted are there, none is to be replaced, and yet too few are well: nothing is under way. */
const short = (done: number, wanted: number, what: string): StatusCell =>
  said('Not ready', 'warning', `${done} of ${wanted} are ${what}`)

/**
 * `Ready`, `Scaling` while it is on its way, `Not ready` when it has arrived and pods fail it, `Stalled` when it does not
 * get there by itself, `Paused`.
 */
export function deploymentStatus(it: Deployment): StatusCell {
  const stalled = stallOf(it.status?.conditions)
  if (stalled) return said('Stalled', 'failed', stalled)
  const { wanted, replicas, updated, available } = countsOf(it)
  const isMade = isSeen(it) && updated === wanted && replicas === wanted
  if (isMade && available >= wanted) return arrived(wanted)
  if (it.spec?.paused) return said('Paused', 'warning', `${updated} of ${wanted} are updated`)
  return (isMade && isRolledOut(it) ? short : scaling)(available, wanted, 'available')
}

/** Its last change came to its end once. */
const isRolledOut = ({ status }: Deployment) =>
  conditionOf(status?.conditions, 'Progressing')?.reason === 'NewReplicaSetAvailable'

const countsOf = ({ spec, status }: Deployment | StatefulSet) => ({
  wanted: spec?.replicas ?? 1,
  replicas: status?.replicas ?? 0,
  updated: status?.updatedReplicas ?? 0,
  available: status?.availableReplicas ?? 0,
  ready: status?.readyReplicas ?? 0,
})

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
  const { wanted, replicas, ready, updated } = countsOf(it)
  const isMade = isSeen(it) && replicas === wanted
  if (ready < wanted) return (isMade && !isRolling(it) ? short : scaling)(ready, wanted, 'ready')
  if (isMade && isUpdated(updated, wanted, it.spec)) return arrived(wanted)
  return scaling(updated, wanted, 'updated')
}

/** Its pods are being replaced by others. */
const isRolling = ({ status }: StatefulSet) => status?.currentRevision !== status?.updateRevision

export function daemonSetStatus(it: DaemonSet): StatusCell {
  const { wanted, placed, ready, updated, available } = numbersOf(it)
  const isSettled = isSeen(it) && isUpdated(updated, wanted, it.spec)
  if (ready < wanted)
    return (isSettled && placed >= wanted ? short : scaling)(ready, wanted, 'ready')
  if (isSettled && available >= wanted) return settled(it)
  return scaling(updated, wanted, 'updated')
}

const numbersOf = ({ status }: DaemonSet) => ({
  wanted: status?.desiredNumberScheduled ?? 0,
  placed: status?.currentNumberScheduled ?? 0,
  ready: status?.numberReady ?? 0,
  updated: status?.updatedNumberScheduled ?? 0,
  available: status?.numberAvailable ?? 0,
})

function settled({ status }: DaemonSet): StatusCell {
  const { desiredNumberScheduled = 0, numberMisscheduled = 0 } = status ?? {}
  if (numberMisscheduled > 0)
    return said('Ready', 'warning', `${numberMisscheduled} run where they should not`)
  return desiredNumberScheduled === 0 ? said('No nodes', 'done') : said('Ready', 'ok')
}
