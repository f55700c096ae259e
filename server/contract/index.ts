import { clusters } from './clusters.ts'
import { contexts } from './contexts.ts'
import { entry } from './entry.ts'
import { events } from './events.ts'
import { grants } from './grants.ts'
import { keys } from './keys.ts'
import { kinds } from './kinds.ts'
import { logs } from './logs.ts'
import { metrics } from './metrics.ts'
import { nodes } from './nodes.ts'
import { objects } from './objects.ts'
import { persons } from './persons.ts'
import { profiles } from './profiles.ts'
import { rights } from './rights.ts'
import { secrets } from './secrets.ts'
import { sessions } from './sessions.ts'
import { workloads } from './workloads.ts'
import type { Client } from './operation.ts'

/** The gateway’s API: served by `routes/`, spoken by the command line, the app and the console. */
export const gatewayApi = {
  entry,
  persons,
  sessions,
  clusters,
  profiles,
  grants,
  contexts,
  events,
  keys,
  kinds,
  objects,
  workloads,
  nodes,
  secrets,
  rights,
  metrics,
  logs,
}
export type Gateway = Client<typeof gatewayApi>
