import type { Handlers } from '../contract/operation.ts'
import type { workloads } from '../contract/workloads.ts'
import type { ClusterActor } from '../policies/caller.ts'
import type { ClusterDeps } from '../services/cluster-calls.ts'
import { listRevisions, rollBack } from '../services/rollouts.ts'
import {
  restartWorkload,
  scaleWorkload,
  suspendCronJob,
  triggerCronJob,
} from '../services/workloads.ts'

export const workloadRoutes = (deps: ClusterDeps): Handlers<typeof workloads, ClusterActor> => ({
  scale: (input, actor) => scaleWorkload(deps, actor, input),
  restart: (input, actor) => restartWorkload(deps, actor, input),
  revisions: async (input, actor) => ({ revisions: await listRevisions(deps, actor, input) }),
  rollback: (input, actor) => rollBack(deps, actor, input),
  suspend: (input, actor) => suspendCronJob(deps, actor, input),
  trigger: (input, actor) => triggerCronJob(deps, actor, input),
})
