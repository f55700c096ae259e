import { clusters } from './clusters.ts'
import { contexts } from './contexts.ts'
import { entry } from './entry.ts'
import { events } from './events.ts'
import { grants } from './grants.ts'
import { keys } from './keys.ts'
import type { Client } from './operation.ts'
import { persons } from './persons.ts'
import { profiles } from './profiles.ts'
import { sessions } from './sessions.ts'

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
}
export type Gateway = Client<typeof gatewayApi>
