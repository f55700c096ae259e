import type { ClusterEvent, Reason } from '../../contract/objects.ts'
import { endText, hasEnded } from '../rows/columns/pod-status.ts'
import { conditionOf, isFalse, isTrue, type Condition } from '../rows/columns/tones.ts'
import type { Container, ContainerStatus, Pod } from '../rows/fields/pods.ts'
import { reason, type Asked } from './described.ts'
import { latest } from './events.ts'

/** Why a pod is not ready: its place, its containers in the order in which they start, what happened around it. */
export function podReasons({ object, events = [] }: Asked): Reason[] {
  const pod = object as Pod
  const own = [...placeReasons(pod), ...containerReasons(pod, events), ...gateReasons(pod)]
  const around = isQuiet(pod) ? [] : surroundings(events)
  return [...own, ...around]
}

const isQuiet = (pod: Pod) => hasEnded(pod) || isTrue(conditionOf(pod.status?.conditions, 'Ready'))

function placeReasons({ metadata, status }: Pod): Reason[] {
  const { conditions } = status ?? {}
  const reasons: Reason[] = []
  const scheduled = conditionOf(conditions, 'PodScheduled')
  if (isFalse(scheduled)) reasons.push(unplaced(scheduled))
  const evicted = conditionOf(conditions, 'DisruptionTarget')
  if (isTrue(evicted))
    reasons.push(reason('warning', 'About to be put out of its node', evicted?.message))
  if (status?.reason)
    reasons.push(reason('failed', placeTitles[status.reason] ?? status.reason, status.message))
  if (metadata?.deletionTimestamp)
    reasons.push(reason('ending', 'Being deleted', heldBy(metadata.finalizers)))
  return reasons
}

const unplaced = (scheduled: Condition | undefined): Reason =>
  scheduled?.reason === 'SchedulingGated'
    ? reason('warning', 'Held back by a scheduling gate', scheduled.message)
    : reason('failed', 'No node can take this pod', scheduled?.message)

const placeTitles: Readonly<Record<string, string>> = {
  Evicted: 'Put out of its node',
  NodeLost: 'Its node does not answer',
  DeadlineExceeded: 'Ran longer than it may',
  Preempting: 'Made room for a more important pod',
  UnexpectedAdmissionError: 'Its node refused it',
}

const heldBy = (finalizers: readonly string[] | null | undefined) =>
  finalizers?.length ? `Held by ${finalizers.join(', ')}` : 'Its containers are given time to end'

function containerReasons(pod: Pod, events: readonly ClusterEvent[]): Reason[] {
  const { initContainerStatuses, containerStatuses } = pod.status ?? {}
  const ended = hasEnded(pod)
  return [...(initContainerStatuses ?? []), ...(containerStatuses ?? [])].flatMap((status) =>
    containerReason({ pod, status, events, ended }),
  )
}

interface Part {
  readonly pod: Pod
  readonly status: ContainerStatus
  readonly events: readonly ClusterEvent[]
  /** Of the whole pod. */
  readonly ended: boolean
}

function containerReason(part: Part): Reason[] {
  const { waiting, terminated, running } = part.status.state ?? {}
  if (waiting) return waitingReason(part, waiting.reason ?? '', waiting.message ?? '')
  if (terminated) return endReason(part, terminated)
  return running && !part.ended ? runningReason(part) : []
}

const pulling =
  /^(ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|RegistryUnavailable|ImageInspectError|SignatureValidationFailed)$/
const missing = /(secret|configmap) "([^"]+)" not found/i

function waitingReason(part: Part, word: string, message: string): Reason[] {
  const { name = '' } = part.status
  if (word === 'CrashLoopBackOff') return [crashReason(part, message)]
  if (pulling.test(word)) return [pullReason(part, message || word)]
  const what = missingThing(message)
  if (what) return [reason('failed', `The ${what} is missing`, `${name}: ${message}`, name)]
  if (word === '' || word === 'ContainerCreating' || word === 'PodInitializing') return []
  return [reason('failed', `${name} cannot be started`, `${word}: ${message}`, name)]
}

function pullReason({ status: { name = '' }, events }: Part, message: string): Reason {
  const why = latest(events, 'Failed', (it) => /pull|image/i.test(it.message))
  const detail = why && !message.includes(why.message) ? `${message}\n${why.message}` : message
  return reason('failed', `The image of ${name} cannot be pulled`, detail, name)
}

/** `Secret password`, where a message says that it was not found. */
function missingThing(message: string): string | undefined {
  const [, kind, name] = missing.exec(message) ?? []
  if (!kind || !name) return undefined
  return `${kind.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'} ${name}`
}

function crashReason({ pod, status, events }: Part, message = ''): Reason {
  const { name = '', restartCount = 0 } = status
  const last = status.state?.terminated ?? status.lastState?.terminated
  const probe = latest(events, 'Unhealthy', (it) => /liveness|startup/i.test(it.message))
  const parts = [
    last ? `Last time: ${endText(last)}` : '',
    memoryLimit(pod, status),
    probe?.message ?? '',
    `Restarted ${times(restartCount)}`,
    message,
  ]
  const title = last?.reason === 'OOMKilled' ? 'runs out of memory' : 'keeps crashing'
  return reason('failed', `${name} ${title}`, parts.filter(Boolean).join('\n'), name)
}

const times = (count: number) => (count === 1 ? 'once' : `${count} times`)

/** What a container that was killed for want of memory might have had. */
function memoryLimit(pod: Pod, { name, state, lastState }: ContainerStatus): string {
  const ended = state?.terminated ?? lastState?.terminated
  if (ended?.reason !== 'OOMKilled') return ''
  const limit = containersOf(pod).find((it) => it.name === name)?.resources?.limits?.['memory']
  return limit ? `Its memory limit is ${limit}` : 'It has no memory limit of its own'
}

const containersOf = ({ spec }: Pod): readonly Container[] => [
  ...(spec?.initContainers ?? []),
  ...(spec?.containers ?? []),
]

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>

function endReason(part: Part, terminated: Terminated): Reason[] {
  const { pod, status, ended } = part
  const { name = '', restartCount = 0 } = status
  if (!terminated.exitCode && !terminated.signal) return []
  // The kubelet says for most of a back-off only how it ended, not that it waits.
  if (restartCount > 0 && !ended) return [crashReason(part)]
  const detail = [endText(terminated), memoryLimit(pod, status)].filter(Boolean).join('\n')
  const title = terminated.reason === 'OOMKilled' ? 'ran out of memory' : 'has failed'
  return [reason('failed', `${name} ${title}`, detail, name)]
}

function runningReason(part: Part): Reason[] {
  const { ready, lastState } = part.status
  const last = lastState?.terminated
  return [
    ...(ready || part.pod.metadata?.deletionTimestamp ? [] : [unreadyReason(part)]),
    ...(last?.exitCode ? [restartReason(part, last)] : []),
  ]
}

function unreadyReason({ status: { name = '', started }, events }: Part): Reason {
  const probe = latest(events, 'Unhealthy')
  const title = started === false ? `${name} has not started up` : `${name} is not ready`
  return reason(probe ? 'warning' : 'progress', title, probe?.message, name)
}

function restartReason({ pod, status }: Part, last: Terminated): Reason {
  const { name = '', ready, restartCount = 0 } = status
  const detail = [endText(last), memoryLimit(pod, status)].filter(Boolean).join('\n')
  // What is over and well again is told, not warned of.
  const tone = ready && last.reason !== 'OOMKilled' ? 'done' : 'warning'
  return reason(tone, `${name} was restarted ${times(restartCount)}`, detail, name)
}

function gateReasons({ spec, status }: Pod): Reason[] {
  return (spec?.readinessGates ?? []).flatMap(({ conditionType = '' }) => {
    const condition = conditionOf(status?.conditions, conditionType)
    if (isTrue(condition)) return []
    const detail = condition?.message ?? 'Nobody has said that it is met'
    return [reason('warning', `The readiness gate ${conditionType} is not met`, detail)]
  })
}

const around: Readonly<Record<string, string>> = {
  FailedMount: 'A volume cannot be mounted',
  FailedAttachVolume: 'A volume cannot be attached',
  FailedMapVolume: 'A volume cannot be mapped',
  FailedCreatePodSandBox: 'The network or sandbox of the pod cannot be set up',
  NetworkNotReady: 'The network of the node is not ready',
  NodeNotReady: 'Its node is not ready',
  FailedPostStartHook: 'A hook after the start fails',
  FailedPreStopHook: 'A hook before the end fails',
}

function surroundings(events: readonly ClusterEvent[]): Reason[] {
  return Object.entries(around).flatMap(([word, title]) => {
    const event = latest(events, word)
    return event ? [reason('failed', title, event.message)] : []
  })
}
