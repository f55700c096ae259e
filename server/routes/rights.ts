import type { Handlers } from '../contract/operation.ts'
import type { rights } from '../contract/rights.ts'
import type { ClusterActor } from '../policies/caller.ts'
import type { ClusterDeps } from '../services/cluster-calls.ts'
import { checkRights, listRights } from '../services/rights.ts'

export const rightRoutes = (deps: ClusterDeps): Handlers<typeof rights, ClusterActor> => ({
  rules: (input, actor) => listRights(deps, actor, input),
  check: async (input, actor) => ({ answers: await checkRights(deps, actor, input) }),
})
