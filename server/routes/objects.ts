import type { objects } from '../contract/objects.ts'
import type { Handlers } from '../contract/operation.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { applyDocuments } from '../services/apply.ts'
import { listEvents } from '../services/cluster-events.ts'
import { describe } from '../services/describe.ts'
import { findKind, type KindDeps } from '../services/kinds.ts'
import { createNamespace, listNamespaces } from '../services/namespaces.ts'
import { getObject, removeObject, replaceObject } from '../services/objects.ts'

export const objectRoutes = (deps: KindDeps): Handlers<typeof objects, ClusterActor> => ({
  get: async (input, actor) => ({ object: await getObject(deps, actor, input) }),
  describe: (input, actor) => describe(deps, actor, input),
  events: (input, actor) => listEvents(deps, actor, input),
  replace: (input, actor) => replaceObject(deps, actor, input),
  apply: async (input, actor) => ({ documents: await applyDocuments(deps, actor, input) }),
  remove: (input, actor) => removeObject(deps, actor, input),
  createNamespace: (input, actor) => createNamespace(deps, actor, input),
  namespaces: (input, actor) => listNamespaces(deps, actor, input),
  find: async (input, actor) => {
    const { group, version, resource, kind, namespaced } = await findKind(deps, actor, input)
    return { group, version, resource, kind, namespaced }
  },
})
