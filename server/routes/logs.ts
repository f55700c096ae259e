import type { logs } from '../contract/logs.ts'
import type { Handlers } from '../contract/operation.ts'
import type { ClusterActor } from '../policies/caller.ts'
import type { ClusterDeps } from '../services/cluster-calls.ts'
import { readLog } from '../services/logs.ts'

export const logRoutes = (deps: ClusterDeps): Handlers<typeof logs, ClusterActor> => ({
  read: (input, actor) => readLog(deps, actor, input),
})
