import type { Reason } from '../../contract/objects.ts'
import { pressures } from '../rows/columns/nodes.ts'
import { pairsOf } from '../rows/columns/shared.ts'
import { conditionOf, isTrue, sayingOf } from '../rows/columns/tones.ts'
import type { Node, Service } from '../rows/fields/core.ts'
import type { EndpointSlice, Ingress } from '../rows/fields/networking.ts'
import type { Claim } from '../rows/fields/storage.ts'
import { backendsOf } from '../rows/columns/networking.ts'
import { reason, type Asked } from './described.ts'
import { latest, warningReasons } from './events.ts'
import { failingPods } from './workloads.ts'

const pressureTitles: Readonly<Record<string, string>> = {
  MemoryPressure: 'Little memory is left',
  DiskPressure: 'Little disk is left',
  PIDPressure: 'Too many processes',
  NetworkUnavailable: 'Its network is not set up',
}

export function nodeReasons({ object }: Asked): Reason[] {
  const { spec, status } = object as Node
  const reasons: Reason[] = []
  const ready = conditionOf(status?.conditions, 'Ready')
  if (!isTrue(ready)) {
    const title = ready?.status === 'False' ? 'Not ready' : 'Does not answer'
    reasons.push(reason('failed', title, sayingOf(ready)))
  }
  for (const type of pressures) {
    const pressure = conditionOf(status?.conditions, type)
    if (isTrue(pressure))
      reasons.push(reason('warning', pressureTitles[type] ?? type, sayingOf(pressure)))
  }
  if (spec?.unschedulable)
    reasons.push(reason('warning', 'Taken out of scheduling', 'No new pods are placed here'))
  return reasons
}

export function claimReasons({ object, events = [] }: Asked): Reason[] {
  const { status } = object as Claim
  if (status?.phase === 'Lost')
    return [reason('failed', 'Its volume is gone', 'What was in it is gone too')]
  if (status?.phase === 'Bound')
    return (status.conditions ?? [])
      .filter(isTrue)
      .map((it) => reason('progress', it.type ?? '', sayingOf(it)))
  const waits = latest(events, 'WaitForFirstConsumer')
  const failed = warningReasons(events).map((it) => ({ ...it, tone: 'failed' as const }))
  if (failed.length > 0) return failed
  if (waits) return [reason('progress', 'Waits for the first pod that uses it', waits.message)]
  const bound = latest(events, 'FailedBinding') ?? latest(events, 'ExternalProvisioning')
  return [reason('progress', 'Waits for a volume', bound?.message)]
}

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number]

export function serviceReasons({ object, related }: Asked): Reason[] {
  const { spec } = object as Service
  const selector = pairsOf(spec?.selector)
  const slices = related?.endpointSlices as readonly EndpointSlice[] | undefined
  if (spec?.type === 'ExternalName' || slices === undefined) return []
  const endpoints: readonly Endpoint[] = slices.flatMap((it) => it.endpoints ?? [])
  const ready = endpoints.filter((it) => it.conditions?.ready !== false).length
  if (ready > 0) return []
  if (endpoints.length === 0) {
    const why = selector
      ? `No running pod has the labels ${selector}`
      : 'It selects no pods, and nobody has given it addresses'
    return [reason('failed', 'Nothing stands behind it', why)]
  }
  const title = 'None of its pods is ready'
  const detail = `0 of ${endpoints.length} are ready`
  return [reason('failed', title, detail), ...failingPods(related?.pods ?? [])]
}

export function ingressReasons({ object, events = [], related }: Asked): Reason[] {
  const known = related?.services
  const missing = known ? backendsOf(object as Ingress).filter((it) => !known.includes(it)) : []
  return [
    ...missing.map((it) =>
      reason('failed', `The Service ${it} does not exist`, 'A rule leads there', `Service/${it}`),
    ),
    ...warningReasons(events),
  ]
}
