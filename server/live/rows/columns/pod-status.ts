import type { StatusCell } from '../../../contract/views.ts'
import type { Tone } from '../../../contract/place.ts'
import type { Container, ContainerStatus, Pod } from '../fields/pods.ts'
import { conditionOf, isFalse, isTrue, said, sayingOf } from './tones.ts'

/** A container of init that goes on beside the others. */
export const isSidecar = (pod: Pod, name: string | undefined) =>
  pod.spec?.initContainers?.find((it: Container) => it.name === name)?.restartPolicy === 'Always'

/** The status of a pod in the words of `kubectl get pods`, how bad that is, and why. */
export function podStatus(pod: Pod): StatusCell {
  const word = podWord(pod)
  const tone = podTone(pod, word)
  return said(word, tone, tone === 'ok' || tone === 'done' ? undefined : podReason(pod))
}

function podWord(pod: Pod): string {
  if (pod.metadata?.deletionTimestamp) {
    if (pod.status?.reason === 'NodeLost') return 'Unknown'
    if (!hasEnded(pod)) return 'Terminating'
  }
  const initial = initWord(pod)
  if (initial !== undefined && !isInitialized(pod)) return initial
  return containersWord(pod, initial ?? firstWord(pod))
}

/** Its containers will not run again. */
export const hasEnded = ({ status }: Pod) =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed'

const isInitialized = ({ status }: Pod) => isTrue(conditionOf(status?.conditions, 'Initialized'))

function firstWord({ status }: Pod): string {
  const { phase, reason, conditions } = status ?? {}
  const scheduled = conditionOf(conditions, 'PodScheduled')
  if (scheduled?.reason === 'SchedulingGated') return 'SchedulingGated'
  return reason || phase || 'Unknown'
}

/** What the first container of init that is not through says. */
function initWord(pod: Pod): string | undefined {
  const statuses = pod.status?.initContainerStatuses ?? []
  const index = initializingAt(pod)
  const status = statuses[index]
  if (status === undefined) return undefined
  const { terminated, waiting } = status.state ?? {}
  if (terminated) return `Init:${endWord(terminated)}`
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`
  return `Init:${index}/${pod.spec?.initContainers?.length ?? 0}`
}

/** Which container of init has not done its part; -1 when all have. */
export const initializingAt = (pod: Pod): number =>
  pod.status?.initContainerStatuses?.findIndex((it) => !isThrough(pod, it)) ?? -1

/** The containers themselves have not had their turn. */
export const isInitializing = (pod: Pod): boolean => initializingAt(pod) >= 0 && !isInitialized(pod)

function isThrough(pod: Pod, { name, state, started }: ContainerStatus): boolean {
  if (state?.terminated) return (state.terminated.exitCode ?? 0) === 0
  return started === true && isSidecar(pod, name)
}

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>

/** How a container ended. */
function endWord({ reason, signal, exitCode }: Terminated): string {
  if (reason) return reason
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`
}

function containersWord(pod: Pod, before: string): string {
  const statuses = pod.status?.containerStatuses ?? []
  // The first container that has something to say has the last word.
  const word = firstOf(statuses, wordOf) ?? before
  if (word !== 'Completed') return word
  const runs = statuses.some(({ ready, state }) => ready && state?.running)
  if (runs && isPodReady(pod)) return 'Running'
  return firstOf(statuses, failureOf) ?? (runs ? 'NotReady' : word)
}

function firstOf<T, V>(things: readonly T[], of: (thing: T) => V | undefined): V | undefined {
  for (const thing of things) {
    const value = of(thing)
    if (value !== undefined) return value
  }
  return undefined
}

function wordOf({ state }: ContainerStatus): string | undefined {
  const { waiting, terminated } = state ?? {}
  return waiting?.reason || (terminated ? endWord(terminated) : undefined)
}

const failureOf = ({ state }: ContainerStatus): string | undefined =>
  !state?.waiting?.reason && state?.terminated?.exitCode ? endWord(state.terminated) : undefined

const starting = new Set(['Pending', 'ContainerCreating', 'PodInitializing'])
const waitingOnPurpose = new Set(['SchedulingGated', 'NotReady'])

function podTone(pod: Pod, word: string): Tone {
  if (word === 'Terminating') return 'ending'
  if (word === 'Running') return isPodReady(pod) ? 'ok' : 'warning'
  if (word === 'Completed' || word === 'Succeeded') return 'done'
  if (waitingOnPurpose.has(word)) return 'warning'
  if (starting.has(word)) return isUnschedulable(pod) ? 'warning' : 'progress'
  if (/^Init:\d+\/\d+$/.test(word)) return 'progress'
  return 'failed'
}

const isPodReady = ({ status }: Pod) => isTrue(conditionOf(status?.conditions, 'Ready'))

const isUnschedulable = ({ status }: Pod) =>
  conditionOf(status?.conditions, 'PodScheduled')?.reason === 'Unschedulable'

function podReason({ status }: Pod): string | undefined {
  if (!status) return undefined
  const { conditions, initContainerStatuses, containerStatuses, message } = status
  const scheduled = conditionOf(conditions, 'PodScheduled')
  if (isFalse(scheduled)) return sayingOf(scheduled)
  const all = [...(initContainerStatuses ?? []), ...(containerStatuses ?? [])]
  const ready = conditionOf(conditions, 'Ready')
  return firstOf(all, containerReason) || message || (isFalse(ready) ? sayingOf(ready) : undefined)
}

function containerReason({ name, state, lastState }: ContainerStatus): string | undefined {
  const last = lastState?.terminated ?? undefined
  const { waiting, terminated } = state ?? {}
  if (waiting?.message) return `${name}: ${withLast(waiting.message, last)}`
  if (waiting && last) return `${name}: ${withLast(waiting.reason ?? 'waiting', last)}`
  if (terminated?.exitCode) return `${name}: ${endText(terminated)}`
  return undefined
}

const withLast = (text: string, last: Terminated | undefined) =>
  last ? `${text} (${endText(last)})` : text

/** `OOMKilled, exit code 137`, with what the program left as its last words. */
export function endText(terminated: Terminated): string {
  const { exitCode = 0, signal, message } = terminated
  const how = signal ? `signal ${signal}` : `exit code ${exitCode}`
  const text = `${terminated.reason ? `${terminated.reason}, ` : ''}${how}`
  return message ? `${text}: ${message.trim().slice(0, 500)}` : text
}
