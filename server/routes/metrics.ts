import type { metrics } from '../contract/metrics.ts'
import type { Handlers } from '../contract/operation.ts'
import type { ClusterActor } from '../policies/caller.ts'
import type { ClusterDeps } from '../services/cluster-calls.ts'
import { nodeMetrics, podMetrics } from '../services/metrics.ts'

export const metricRoutes = (deps: ClusterDeps): Handlers<typeof metrics, ClusterActor> => ({
  nodes: (input, actor) => nodeMetrics(deps, actor, input),
  pods: (input, actor) => podMetrics(deps, actor, input),
})
