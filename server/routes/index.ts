import type { gatewayApi } from '../contract/index.ts'
import type { Deps } from '../deps.ts'
import { clusterRoutes } from './clusters.ts'
import { contextRoutes } from './contexts.ts'
import { entryRoutes } from './entry.ts'
import { eventRoutes } from './events.ts'
import { grantRoutes } from './grants.ts'
import { keyRoutes } from './keys.ts'
import { personRoutes } from './persons.ts'
import { profileRoutes } from './profiles.ts'
import { sessionRoutes } from './sessions.ts'

/** A table of handlers for every group of the contract; a forgotten one does not compile. */
export const createRoutes = (deps: Deps) =>
  ({
    entry: entryRoutes(deps),
    persons: personRoutes(deps),
    sessions: sessionRoutes(deps),
    clusters: clusterRoutes(deps),
    profiles: profileRoutes(deps),
    grants: grantRoutes(deps),
    contexts: contextRoutes(deps),
    events: eventRoutes(deps),
    keys: keyRoutes(deps),
  }) satisfies Record<keyof typeof gatewayApi, unknown>
