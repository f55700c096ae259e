import type { contexts } from '../contract/contexts.ts'
import type { Handlers } from '../contract/operation.ts'
import type { Database } from '../models/database.ts'
import type { Actor } from '../policies/caller.ts'
import { listContexts } from '../services/contexts.ts'

export const contextRoutes = (deps: {
  readonly db: Database
}): Handlers<typeof contexts, Actor> => ({
  list: (_, actor) => listContexts(deps, actor),
})
