import type { Handlers } from '../contract/operation.ts'
import type { Profile, profiles } from '../contract/profiles.ts'
import type { Profile as ProfileRow } from '../models/profile.ts'
import type { Actor } from '../policies/caller.ts'
import type { ClusterDeps } from '../services/clusters.ts'
import {
  createMinted,
  createStatic,
  listProfiles,
  removeProfile,
  replaceToken,
} from '../services/profiles.ts'

export const profileRoutes = (deps: ClusterDeps): Handlers<typeof profiles, Actor> => ({
  list: async ({ clusterId }) => (await listProfiles(deps, clusterId)).map(presentProfile),
  createStatic: async (input) => presentProfile(await createStatic(deps, input)),
  createMinted: async (input) => presentProfile(await createMinted(deps, input)),
  replaceToken: async (input) => presentProfile(await replaceToken(deps, input)),
  remove: ({ id }) => removeProfile(deps, id),
})

function presentProfile(row: ProfileRow): Profile {
  const { id, clusterId, name, kind, expiresAt, createdAt } = row
  const { serviceAccountNamespace: namespace, serviceAccountName: account } = row
  return {
    id,
    clusterId,
    name,
    kind,
    ...(namespace !== null && account !== null && { serviceAccount: { namespace, name: account } }),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    createdAt: createdAt.toISOString(),
  }
}
