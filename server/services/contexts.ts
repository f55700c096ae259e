import { Op } from 'sequelize'
import type { Context } from '../contract/contexts.ts'
import type { Database } from '../models/database.ts'
import type { Grant } from '../models/grant.ts'
import type { Actor } from '../policies/caller.ts'
import { unionOf } from '../policies/contexts.ts'

/** One entry for each cluster@profile that the person may use now. */
export async function listContexts(
  { db }: { readonly db: Database },
  actor: Actor,
): Promise<Context[]> {
  const inForce = { [Op.or]: [{ expiresAt: null }, { expiresAt: { [Op.gt]: new Date() } }] }
  const grants = await db.grants.findAll({
    where: { [Op.and]: [{ personId: actor.personId }, inForce] },
    include: ['profile', 'cluster'],
  })
  const profileIds = [...new Set(grants.map((it) => it.profileId))]
  return profileIds
    .map((id) => contextOf(grants.filter((it) => it.profileId === id)))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function contextOf(grants: readonly Grant[]): Context {
  const [first] = grants
  if (!first?.profile || !first.cluster) throw new Error('a grant was read without its names')
  const { profile, cluster } = first
  const { namespaces, capabilities, expires } = unionOf(
    grants.map((it) => ({ scope: it.scope, expires: it.expiresAt ?? undefined })),
  )
  return {
    clusterId: cluster.id,
    clusterName: cluster.name,
    profileName: profile.name,
    path: `/k8s/${cluster.id}@${profile.name}`,
    ...(namespaces && { namespaces }),
    capabilities,
    ...(expires && { expiresAt: expires.toISOString() }),
  }
}
