import type { keys } from '../contract/keys.ts'
import type { Handlers } from '../contract/operation.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../policies/caller.ts'
import { rotateSealingKeys } from '../services/keys.ts'

export const keyRoutes = (
  deps: Pick<Deps, 'db' | 'sealing' | 'config'>,
): Handlers<typeof keys, Actor> => ({
  rotate: () => rotateSealingKeys(deps),
})
