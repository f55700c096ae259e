import type { KubernetesObject, Tone } from '#gateway/place.ts'

/** As much of a Kubernetes object as the drawer reads; each part may be missing or of another shape. */
export interface Shape {
  readonly kind?: string
  readonly metadata?: {
    readonly uid?: string
    readonly creationTimestamp?: string
    readonly deletionTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly finalizers?: readonly string[]
  }
  readonly type?: string
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: PodSpec & { readonly [key: string]: unknown }
  readonly status?: PodStatus & { readonly [key: string]: unknown }
}

interface PodSpec {
  readonly containers?: readonly ContainerSpec[]
  readonly initContainers?: readonly ContainerSpec[]
  readonly ephemeralContainers?: readonly ContainerSpec[]
  readonly template?: { readonly spec?: PodSpec }
}

export interface ContainerSpec {
  readonly name: string
  readonly image?: string
  readonly ports?: readonly { readonly containerPort: number; readonly name?: string }[]
  readonly volumeMounts?: readonly VolumeMount[]
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>
    readonly limits?: Readonly<Record<string, string>>
  }
}

interface VolumeMount {
  readonly name: string
  readonly mountPath: string
  readonly readOnly?: boolean
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string }
  readonly running?: { readonly startedAt?: string }
  readonly terminated?: {
    readonly reason?: string
    readonly exitCode?: number
    readonly finishedAt?: string
  }
}

export interface ContainerStatus {
  readonly name: string
  readonly ready?: boolean
  readonly restartCount?: number
  readonly state?: ContainerState
  readonly lastState?: ContainerState
}

interface PodStatus {
  readonly conditions?: readonly Condition[]
  readonly containerStatuses?: readonly ContainerStatus[]
  readonly initContainerStatuses?: readonly ContainerStatus[]
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[]
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}

export const shapeOf = (object: KubernetesObject): Shape => object as Shape

export interface Container extends ContainerSpec {
  readonly role: 'init' | 'main' | 'debug'
  readonly status: ContainerStatus | undefined
}

/** A pod’s own containers, or those of the pods that a workload makes. */
export function containersOf({ spec, status }: Shape): readonly Container[] {
  const pod = spec?.template?.spec ?? spec
  const statuses = [
    ...list(status?.initContainerStatuses),
    ...list(status?.containerStatuses),
    ...list(status?.ephemeralContainerStatuses),
  ]
  const all = (specs: readonly ContainerSpec[] | undefined, role: Container['role']) =>
    list(specs).map((it) => ({
      ...it,
      role,
      status: statuses.find(({ name }) => name === it.name),
    }))
  return [
    ...all(pod?.initContainers, 'init'),
    ...all(pod?.containers, 'main'),
    ...all(pod?.ephemeralContainers, 'debug'),
  ]
}

const isList = <T>(it: readonly T[] | undefined): it is readonly T[] => Array.isArray(it)

/** Another kind may use the same word for something else. */
const list = <T>(it: readonly T[] | undefined): readonly T[] => (isList(it) ? it : [])

export interface StateWords {
  readonly running: string
  readonly notReady: string
  readonly waiting: string
  readonly ended: string
  readonly exit: (reason: string, code: number) => string
}

export interface Told {
  readonly tone: Tone
  readonly text: string
  readonly detail?: string
}

/** The words are the cluster’s own, but for the few that it has none for. */
export function stateOf({ status, role }: Container, words: StateWords): Told | undefined {
  const { waiting, running, terminated } = status?.state ?? {}
  if (waiting) return waitingState(waiting, words)
  if (terminated) return endedState(terminated, words)
  if (!running) return undefined
  const ready = status?.ready === true || role !== 'main'
  return { tone: ready ? 'ok' : 'warning', text: ready ? words.running : words.notReady }
}

function waitingState(
  { reason, message }: NonNullable<ContainerState['waiting']>,
  words: StateWords,
): Told {
  if (!reason) return { tone: 'progress', text: words.waiting }
  const failing = /BackOff|Err|Invalid|Failed/.test(reason)
  return {
    tone: failing ? 'failed' : 'progress',
    text: reason,
    ...(message && { detail: message }),
  }
}

function endedState(ended: NonNullable<ContainerState['terminated']>, words: StateWords): Told {
  const { exitCode = 0, reason = words.ended } = ended
  const text = exitCode === 0 ? reason : words.exit(reason, exitCode)
  return { tone: exitCode === 0 ? 'done' : 'failed', text }
}

/** Conditions that are good when they are false. */
const inverted =
  /Pressure$|Unavailable$|Failed$|Failure$|Degraded$|Stalled$|Disrupt|Suspended$|Dangling$/

export function conditionTone({ type, status, reason }: Condition): Tone {
  if (status === 'Unknown') return 'warning'
  const good = (status === 'True') !== inverted.test(type)
  if (good) return 'ok'
  return reason === 'PodCompleted' ? 'done' : 'failed'
}

/** Whether a cron job is suspended, or a node cordoned. */
export const haltingOf = ({ spec }: Shape): 'running' | 'halted' =>
  spec?.['suspend'] === true || spec?.['unschedulable'] === true ? 'halted' : 'running'
