import type { kinds } from '../contract/kinds.ts'
import type { Handlers } from '../contract/operation.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { listKinds, readSchema, type KindDeps, type Schemas } from '../services/kinds.ts'

export const kindRoutes = (
  deps: KindDeps & { readonly schemas: Schemas },
): Handlers<typeof kinds, ClusterActor> => ({
  list: (input, actor) => listKinds(deps, actor, input),
  schema: async (input, actor) => ({ document: await readSchema(deps, actor, input) }),
})
