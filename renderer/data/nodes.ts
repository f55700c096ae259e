import { queryOptions } from '@tanstack/react-query'
import type { ObjectRef, Place } from '#gateway/place.ts'
import { gateway } from './bridge.ts'
import { refreshObjects } from './objects.ts'

type NodeRef = Place & { readonly name: string }

const nodeRef = ({ cluster, profile, name }: ObjectRef | NodeRef) => ({ cluster, profile, name })

export const cordonNode = (ref: ObjectRef | NodeRef, cordoned: boolean) =>
  gateway.nodes.cordon({ ...nodeRef(ref), cordoned }).finally(() => void refreshObjects())

export const drainPlanOf = (ref: NodeRef) =>
  queryOptions({
    queryKey: ['nodes', 'drainPlan', ref.cluster, ref.profile, ref.name],
    queryFn: async () => (await gateway.nodes.drainPlan(nodeRef(ref))).pods,
    staleTime: 0,
  })

export const evictPod = (pod: Place & { namespace: string; name: string; uid?: string }) =>
  gateway.nodes.evict(pod)
