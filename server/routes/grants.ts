import type { Grant, grants } from '../contract/grants.ts'
import type { Handlers } from '../contract/operation.ts'
import type { Actor } from '../policies/caller.ts'
import {
  createGrant,
  listGrants,
  removeGrant,
  type GrantDeps,
  type NamedGrant,
} from '../services/grants.ts'

export const grantRoutes = (deps: GrantDeps): Handlers<typeof grants, Actor> => ({
  list: async (filter) => (await listGrants(deps, filter)).map(presentGrant),
  create: async (input, actor) => presentGrant(await createGrant(deps, actor, input)),
  remove: ({ id }) => removeGrant(deps, id),
})

const presentGrant = ({ grant, personName, profileName }: NamedGrant): Grant => ({
  id: grant.id,
  personId: grant.personId,
  personName,
  clusterId: grant.clusterId,
  profileId: grant.profileId,
  profileName,
  scope: grant.scope,
  ...(grant.expiresAt && { expiresAt: grant.expiresAt.toISOString() }),
  createdAt: grant.createdAt.toISOString(),
})
