import type { nodes } from '../contract/nodes.ts'
import type { Handlers } from '../contract/operation.ts'
import type { ClusterActor } from '../policies/caller.ts'
import type { ClusterDeps } from '../services/cluster-calls.ts'
import { cordonNode, evictPod, planDrain } from '../services/nodes.ts'

export const nodeRoutes = (deps: ClusterDeps): Handlers<typeof nodes, ClusterActor> => ({
  cordon: (input, actor) => cordonNode(deps, actor, input),
  drainPlan: async (input, actor) => ({ pods: await planDrain(deps, actor, input) }),
  evict: (input, actor) => evictPod(deps, actor, input),
})
