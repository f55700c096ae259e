import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Relation } from '#gateway/objects.ts'
import type { ObjectRef } from '#gateway/place.ts'
import { descriptionOf, objectOf } from '../../data/objects.ts'
import { portsOfPod, portsOfService, type OfferedPort } from './forward-ports.ts'

interface ForwardPod {
  readonly name: string
  readonly status: string | undefined
}

/** To which pod a port leads, and which of its ports are worth offering. */
export type ForwardTarget = {
  readonly pod: string | undefined
  readonly ports: readonly OfferedPort[]
  readonly error: Error | null
} & (
  | { readonly status: 'pod' }
  | { readonly status: 'asking' }
  | { readonly status: 'none' }
  | {
      readonly status: 'choose'
      readonly pods: readonly ForwardPod[]
      readonly choose: (pod: string) => void
    }
)

const isPod = ({ group, resource }: Pick<ObjectRef, 'group' | 'resource'>) =>
  group === '' && resource === 'pods'

/** A pod is its own; a service or a workload has pods behind it, of which a ready one is chosen first. */
export function useForwardTarget(target: ObjectRef): ForwardTarget {
  const [chosen, choose] = useState<string>()
  const direct = isPod(target)
  const around = useQuery({ ...descriptionOf(target), enabled: !direct })
  const pods = podsIn(around.data?.relations)
  const [first] = pods
  // What was shown first stays, whatever becomes ready meanwhile.
  if (chosen === undefined && first) choose(first.name)
  const pod = direct ? target.name : (pods.find((it) => it.name === chosen) ?? first)?.name
  const ports = usePorts(target, pod)
  if (direct) return { status: 'pod', pod, ports, error: null }
  const found = { pod, ports, error: around.error }
  if (!around.data) return { status: 'asking', ...found }
  return pods.length === 0
    ? { status: 'none', ...found }
    : { status: 'choose', pods, choose, ...found }
}

/** Without the right to read them no ports are offered; one can be typed all the same. */
function usePorts(target: ObjectRef, pod: string | undefined): readonly OfferedPort[] {
  const isService = target.group === '' && target.resource === 'services'
  const service = useQuery({ ...objectOf(target), enabled: isService })
  const ref = { ...target, group: '', version: 'v1', resource: 'pods', name: pod ?? target.name }
  const { data } = useQuery({ ...objectOf(ref), enabled: pod !== undefined })
  return isService ? portsOfService(service.data, data) : portsOfPod(data)
}

/** Ready ones first, then as the gateway orders them. */
function podsIn(relations: readonly Relation[] = []): readonly ForwardPod[] {
  const pods = relations.filter((it) => isPod(it) && ['child', 'selects'].includes(it.relation))
  const rank = ({ tone }: Relation) => (tone === 'ok' ? 0 : 1)
  return [...pods].sort((a, b) => rank(a) - rank(b)).map(({ name, status }) => ({ name, status }))
}
