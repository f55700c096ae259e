import type { StatusCell } from '../../../contract/views.ts'
import { node, type Node } from '../fields/core.ts'
import { column, extra, model, statusColumn } from '../model.ts'
import { bytesOf, cpuOf } from '../quantity.ts'
import { age } from './shared.ts'
import { conditionOf, isTrue, said, sayingOf } from './tones.ts'

const rolePrefix = 'node-role.kubernetes.io/'

/** Conditions of a node that are bad when they are true. */
export const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable']

/** As `kubectl get nodes` says it, with pressure as a reason. */
function nodeStatus({ spec, status }: Node): StatusCell {
  const ready = conditionOf(status?.conditions, 'Ready')
  const word = ready === undefined ? 'Unknown' : isTrue(ready) ? 'Ready' : 'NotReady'
  const cordoned = spec?.unschedulable ? ',SchedulingDisabled' : ''
  if (word !== 'Ready') return said(word + cordoned, 'failed', sayingOf(ready))
  const pressure = pressures.map((it) => conditionOf(status?.conditions, it)).find(isTrue)
  if (pressure) return said(word + cordoned, 'warning', `${pressure.type}: ${pressure.message}`)
  return cordoned
    ? said(word + cordoned, 'warning', 'No new pods are placed here')
    : said(word, 'ok')
}

export const nodes = model(node, {
  status: nodeStatus,
  columns: [
    statusColumn(),
    column('roles', 'Roles', 'text', rolesOf),
    column('version', 'Version', 'text', (it: Node) => it.status?.nodeInfo?.kubeletVersion),
    column('os', 'System', 'text', (it: Node) => it.status?.nodeInfo?.osImage),
    column('cpu', 'CPU', 'cpu', (it: Node) => cpuOf(it.status?.capacity?.['cpu'])),
    column('memory', 'Memory', 'bytes', (it: Node) => bytesOf(it.status?.capacity?.['memory'])),
    column('taints', 'Taints', 'text', taintsOf),
    column('ip', 'Address', 'text', (it: Node) => addressOf(it, 'InternalIP')),
    age,
    extra('cpuAllocatable', 'CPU for pods', 'cpu', (it: Node) =>
      cpuOf(it.status?.allocatable?.['cpu']),
    ),
    extra('memoryAllocatable', 'Memory for pods', 'bytes', (it: Node) =>
      bytesOf(it.status?.allocatable?.['memory']),
    ),
    extra('pods', 'Pods at most', 'number', (it: Node) =>
      bytesOf(it.status?.allocatable?.['pods']),
    ),
    extra('externalIP', 'External address', 'text', (it: Node) => addressOf(it, 'ExternalIP')),
    extra('kernel', 'Kernel', 'text', (it: Node) => it.status?.nodeInfo?.kernelVersion),
    extra('runtime', 'Runtime', 'text', (it: Node) => it.status?.nodeInfo?.containerRuntimeVersion),
    extra('architecture', 'Architecture', 'text', (it: Node) => it.status?.nodeInfo?.architecture),
    extra('cordoned', 'Cordoned', 'text', (it: Node) => (it.spec?.unschedulable ? 'yes' : 'no')),
  ],
  sums: {
    cpu: (it) => cpuOf(it.status?.capacity?.['cpu']),
    memory: (it) => bytesOf(it.status?.capacity?.['memory']),
    cpuAllocatable: (it) => cpuOf(it.status?.allocatable?.['cpu']),
    memoryAllocatable: (it) => bytesOf(it.status?.allocatable?.['memory']),
    pods: (it) => bytesOf(it.status?.allocatable?.['pods']),
  },
})

/** A node that nobody gave a role runs what is placed on it. */
function rolesOf({ metadata }: Node): string {
  const roles = new Set<string>()
  for (const [label, value] of Object.entries(metadata?.labels ?? {})) {
    if (label.startsWith(rolePrefix)) roles.add(label.slice(rolePrefix.length))
    else if (label === 'kubernetes.io/role' && value) roles.add(value)
  }
  roles.delete('')
  return [...roles].sort().join(',') || 'worker'
}

function taintsOf({ spec }: Node): string | undefined {
  const taints = spec?.taints ?? []
  return (
    taints
      .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`)
      .join(', ') || undefined
  )
}

const addressOf = ({ status }: Node, type: string) =>
  status?.addresses?.find((it) => it.type === type)?.address
