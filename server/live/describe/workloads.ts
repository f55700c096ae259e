import type { ClusterEvent, Reason } from '../../contract/objects.ts'
import type { KubernetesObject, Tone } from '../../contract/place.ts'
import { conditionOf, isFalse, isTrue, sayingOf, type Condition } from '../rows/columns/tones.ts'
import type { Deployment } from '../rows/fields/apps.ts'
import type { Autoscaler } from '../rows/fields/autoscaling.ts'
import type { Job } from '../rows/fields/batch.ts'
import { metadataOf } from '../rows/table.ts'
import { rankOf, reason, type Asked } from './described.ts'
import { latest } from './events.ts'
import { podReasons } from './pods.ts'
import { statusOf } from './status.ts'

/** Of Deployments, ReplicaSets, StatefulSets and DaemonSets. */
export function workloadReasons({ object, events = [], related }: Asked): Reason[] {
  const { spec, status } = object as Deployment
  const { conditions } = status ?? {}
  const failure = conditionOf(conditions, 'ReplicaFailure')
  const paused = reason('warning', 'Paused', 'Changes wait until it goes on')
  return [
    ...(isTrue(failure)
      ? [reason('failed', failureTitle(failure), failure?.message)]
      : creationReasons(events)),
    ...whenFalse(conditions, 'Progressing', 'failed', 'Did not get ready in time'),
    ...whenFalse(conditions, 'Available', 'warning', 'Too few pods are available'),
    ...(spec?.paused ? [paused] : []),
    ...failingPods(related?.pods ?? []),
  ]
}

function whenFalse(
  conditions: readonly Condition[] | null | undefined,
  type: string,
  tone: Tone,
  title: string,
): Reason[] {
  const condition = conditionOf(conditions, type)
  return isFalse(condition) ? [reason(tone, title, sayingOf(condition))] : []
}

const failureTitle = ({ message = '' }: { readonly message?: string | undefined } = {}) =>
  /exceeded quota/i.test(message) ? 'A quota is used up' : 'Pods cannot be made'

/** Some controllers tell why they cannot make pods by events alone. */
function creationReasons(events: readonly ClusterEvent[]): Reason[] {
  const failed = latest(events, 'FailedCreate')
  const made = latest(events, 'SuccessfulCreate')
  if (!failed || (made && (made.lastAt ?? '') > (failed.lastAt ?? ''))) return []
  return [reason('failed', failureTitle(failed), failed.message)]
}

const podKind = { group: '', version: 'v1', resource: 'pods' }
const quiet: ReadonlySet<Tone> = new Set(['ok', 'done'])

/** Pods that do not run, by how they are, each with what one of them says. */
export function failingPods(pods: readonly KubernetesObject[]): Reason[] {
  const byStatus = new Map<string, { tone: Tone; pods: KubernetesObject[] }>()
  for (const pod of pods) {
    const { tone, text } = statusOf(podKind, pod)
    if (quiet.has(tone)) continue
    const same = byStatus.get(text) ?? { tone, pods: [] }
    same.pods.push(pod)
    byStatus.set(text, same)
  }
  return [...byStatus].slice(0, 10).flatMap(([text, { tone, pods: same }]) => {
    const [first] = same
    if (!first) return []
    const name = metadataOf(first).name ?? ''
    const [why] = podReasons({ kind: podKind, object: first }).sort(
      (a, b) => rankOf(a.tone) - rankOf(b.tone),
    )
    const detail = why ? `${name}: ${why.title}\n${why.detail}` : name
    const count = same.length === 1 ? '1 pod is' : `${same.length} pods are`
    return [reason(tone, `${count} ${text}`, detail, `Pod/${name}`)]
  })
}

const jobTitles: Readonly<Record<string, string>> = {
  BackoffLimitExceeded: 'Its pods failed too often',
  DeadlineExceeded: 'Ran longer than it may',
  PodFailurePolicy: 'A failure that its policy does not allow',
  FailedIndexes: 'Some of its indexes failed',
  MaxFailedIndexesExceeded: 'Too many of its indexes failed',
}

export function jobReasons({ object, events = [], related }: Asked): Reason[] {
  const { spec, status } = object as Job
  // Of a Job that is through, pods that failed on the way are history.
  if (isTrue(conditionOf(status?.conditions, 'Complete'))) return []
  const failed = conditionOf(status?.conditions, 'Failed')
  return [
    ...(isTrue(failed) ? [failedJob(failed)] : creationReasons(events)),
    ...(spec?.suspend ? [reason('done', 'Suspended', 'No pods are started')] : []),
    ...failingPods(related?.pods ?? []),
  ]
}

const failedJob = (failed: Condition | undefined): Reason =>
  reason('failed', jobTitles[failed?.reason ?? ''] ?? 'Failed', failed?.message)

export function autoscalerReasons({ object }: Asked): Reason[] {
  const { status } = object as Autoscaler
  const reasons = whenFalse(status?.conditions, 'AbleToScale', 'failed', 'Cannot scale its target')
  const active = conditionOf(status?.conditions, 'ScalingActive')
  if (isFalse(active)) {
    const isOff = active?.reason === 'ScalingDisabled'
    const title = isOff ? 'Its target is scaled to 0' : 'Has no metrics to decide by'
    reasons.push(reason(isOff ? 'done' : 'failed', title, sayingOf(active)))
  }
  const limited = conditionOf(status?.conditions, 'ScalingLimited')
  if (isTrue(limited) && limited?.reason === 'TooManyReplicas')
    reasons.push(reason('warning', 'Would go further than it may', sayingOf(limited)))
  return reasons
}
