import type { gatewayApi } from '../contract/index.ts'
import type { Deps } from '../deps.ts'
import { createDiscoveries } from '../services/discovery.ts'
import { createSchemas } from '../services/kinds.ts'
import { clusterRoutes } from './clusters.ts'
import { contextRoutes } from './contexts.ts'
import { entryRoutes } from './entry.ts'
import { eventRoutes } from './events.ts'
import { grantRoutes } from './grants.ts'
import { keyRoutes } from './keys.ts'
import { kindRoutes } from './kinds.ts'
import { logRoutes } from './logs.ts'
import { metricRoutes } from './metrics.ts'
import { nodeRoutes } from './nodes.ts'
import { objectRoutes } from './objects.ts'
import { personRoutes } from './persons.ts'
import { profileRoutes } from './profiles.ts'
import { rightRoutes } from './rights.ts'
import { secretRoutes } from './secrets.ts'
import { sessionRoutes } from './sessions.ts'
import { workloadRoutes } from './workloads.ts'

/** A table of handlers for every group of the contract; a forgotten one does not compile. */
export const createRoutes = (deps: Deps) => {
  const { access, upstreams, limits } = deps
  const kindDeps = { access, upstreams, limits, discoveries: createDiscoveries() }
  return {
    entry: entryRoutes(deps),
    persons: personRoutes(deps),
    sessions: sessionRoutes(deps),
    clusters: clusterRoutes(deps),
    profiles: profileRoutes(deps),
    grants: grantRoutes(deps),
    contexts: contextRoutes(deps),
    events: eventRoutes(deps),
    keys: keyRoutes(deps),
    kinds: kindRoutes({ ...kindDeps, schemas: createSchemas() }),
    objects: objectRoutes(kindDeps),
    workloads: workloadRoutes(deps),
    nodes: nodeRoutes(deps),
    secrets: secretRoutes(deps),
    rights: rightRoutes(deps),
    metrics: metricRoutes(deps),
    logs: logRoutes(deps),
  } satisfies Record<keyof typeof gatewayApi, unknown>
}
