import type { Handlers } from '../contract/operation.ts'
import type { secrets } from '../contract/secrets.ts'
import type { ClusterActor } from '../policies/caller.ts'
import type { ClusterDeps } from '../services/cluster-calls.ts'
import { revealSecret } from '../services/secrets.ts'

export const secretRoutes = (deps: ClusterDeps): Handlers<typeof secrets, ClusterActor> => ({
  reveal: (input, actor) => revealSecret(deps, actor, input),
})
