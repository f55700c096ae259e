import type { Cell } from '../../../contract/views.ts'
import { pod, type Container, type ContainerStatus, type Pod } from '../fields/pods.ts'
import { instantOf } from '../instant.ts'
import { column, extra, model, statusColumn } from '../model.ts'
import { bytesOf, cpuOf } from '../quantity.ts'
import { hasEnded, initializingAt, isInitializing, isSidecar, podStatus } from './pod-status.ts'
import { age } from './shared.ts'

export const pods = model(pod, {
  status: podStatus,
  columns: [
    column('containers', 'Containers', 'bricks', bricksOf),
    column('ready', 'Ready', 'text', readyOf),
    statusColumn(),
    column('restarts', 'Restarts', 'number', restartsOf),
    column('node', 'Node', 'text', (it: Pod) => it.spec?.nodeName),
    column('ip', 'IP', 'text', (it: Pod) => it.status?.podIP),
    age,
    extra('lastRestart', 'Last restart', 'age', lastRestartOf),
    extra('cpuRequests', 'CPU requests', 'cpu', (it: Pod) => shareOf(it, 'requests', 'cpu')),
    extra('cpuLimits', 'CPU limits', 'cpu', (it: Pod) => shareOf(it, 'limits', 'cpu')),
    extra('memoryRequests', 'Memory requests', 'bytes', (it: Pod) =>
      shareOf(it, 'requests', 'memory'),
    ),
    extra('memoryLimits', 'Memory limits', 'bytes', (it: Pod) => shareOf(it, 'limits', 'memory')),
    extra('qos', 'QoS', 'text', (it: Pod) => it.status?.qosClass),
    extra('owner', 'Controlled by', 'text', ownerOf),
    extra('serviceAccount', 'Service account', 'text', (it: Pod) => it.spec?.serviceAccountName),
    extra('priorityClass', 'Priority class', 'text', (it: Pod) => it.spec?.priorityClassName),
    extra('images', 'Images', 'text', (it: Pod) => imagesOf(it.spec?.containers)),
    extra('hostIP', 'Host IP', 'text', (it: Pod) => it.status?.hostIP),
    extra('startedAt', 'Started', 'age', (it: Pod) => instantOf(it.status?.startTime)),
  ],
  sums: {
    restarts: restartsOf,
    cpuRequests: (it) => liveShareOf(it, 'requests', 'cpu'),
    cpuLimits: (it) => liveShareOf(it, 'limits', 'cpu'),
    memoryRequests: (it) => liveShareOf(it, 'requests', 'memory'),
    memoryLimits: (it) => liveShareOf(it, 'limits', 'memory'),
  },
})

function ownerOf({ metadata }: Pod): Cell | undefined {
  const owner = metadata?.ownerReferences?.find((it) => it.controller)
  return owner && `${owner.kind}/${owner.name}`
}

export const imagesOf = (containers: readonly Container[] | null | undefined) =>
  containers?.map((it) => it.image).join(', ') || undefined

/** Statuses of the containers that are meant to go on: all but those that only prepare. */
const lasting = (pod: Pod): readonly ContainerStatus[] => {
  const { containerStatuses, initContainerStatuses } = pod.status ?? {}
  const sidecars = initContainerStatuses?.filter((it) => isSidecar(pod, it.name)) ?? []
  return sidecars.length === 0
    ? (containerStatuses ?? [])
    : [...sidecars, ...(containerStatuses ?? [])]
}

function bricksOf(pod: Pod): string {
  let bricks = ''
  const statuses = lasting(pod)
  for (const status of statuses) bricks += brickOf(status)
  const missing = wantedOf(pod) - statuses.length
  return missing > 0 ? bricks + 'w'.repeat(Math.min(missing, 100)) : bricks
}

function brickOf({ ready, restartCount, state }: ContainerStatus): string {
  const brick = brickLetter(ready, state)
  return restartCount ? brick.toUpperCase() : brick
}

const failing = /BackOff|Err|Invalid|Error|Failed|Cannot/

function brickLetter(ready: boolean | undefined, state: ContainerStatus['state']): string {
  if (state?.terminated) return state.terminated.exitCode ? 'f' : 'd'
  if (state?.waiting) return failing.test(state.waiting.reason ?? '') ? 'f' : 'w'
  return ready ? 'r' : 'w'
}

function wantedOf(pod: Pod): number {
  const { containers, initContainers } = pod.spec ?? {}
  const sidecars = initContainers?.filter((it) => it.restartPolicy === 'Always').length ?? 0
  return (containers?.length ?? 0) + sidecars
}

function readyOf(pod: Pod): string {
  const ready = lasting(pod).filter((it) => it.ready && it.state?.running).length
  return `${ready}/${wantedOf(pod)}`
}

/** Whose restarts count: while a pod still prepares, those that prepare it. */
const restarting = (pod: Pod): readonly ContainerStatus[] =>
  isInitializing(pod)
    ? (pod.status?.initContainerStatuses?.slice(0, initializingAt(pod) + 1) ?? [])
    : lasting(pod)

function restartsOf(pod: Pod): number {
  let restarts = 0
  for (const { restartCount } of restarting(pod)) restarts += restartCount ?? 0
  return restarts
}

function lastRestartOf(pod: Pod): number | undefined {
  const times = restarting(pod).map((it) => instantOf(it.lastState?.terminated?.finishedAt) ?? 0)
  return Math.max(0, ...times) || undefined
}

type Share = 'requests' | 'limits'
type Unit = 'cpu' | 'memory'

/** What a pod asks of its node: its containers together, or the largest that only prepares. */
function shareOf({ spec }: Pod, share: Share, unit: Unit): number | undefined {
  if (!spec) return undefined
  const whole = measureOf(unit)(spec.resources?.[share]?.[unit])
  if (whole !== undefined) return whole
  let sum = 0
  for (const container of spec.containers ?? []) sum += partOf(container, share, unit)
  const needed = withInit(spec.initContainers ?? [], sum, (it) => partOf(it, share, unit))
  if (needed === 0) return undefined
  return needed + (measureOf(unit)(spec.overhead?.[unit]) ?? 0)
}

function withInit(
  initContainers: readonly Container[],
  sum: number,
  part: (container: Container) => number,
): number {
  let largest = 0
  let sidecars = 0
  for (const container of initContainers) {
    if (container.restartPolicy === 'Always') sidecars += part(container)
    else largest = Math.max(largest, sidecars + part(container))
  }
  return Math.max(sum + sidecars, largest)
}

const measureOf = (unit: Unit) => (unit === 'cpu' ? cpuOf : bytesOf)
const partOf = (container: Container, share: Share, unit: Unit) =>
  measureOf(unit)(container.resources?.[share]?.[unit]) ?? 0

/** A pod that has ended holds nothing of its node. */
const liveShareOf = (pod: Pod, share: Share, unit: Unit) =>
  hasEnded(pod) ? 0 : shareOf(pod, share, unit)
