import { randomUUID } from 'node:crypto'
import type { Database } from '../../../server/models/database.ts'

/** A person with a cluster, a profile in it and a grant on that. */
export async function addPersonWithGrant(db: Database, name = 'ada') {
  const person = await db.persons.create({ name, passwordHash: 'hash' })
  const cluster = await db.clusters.create({
    id: `${name}-cluster`,
    name: 'Production',
    address: 'https://10.0.0.1:6443',
  })
  const profile = await addProfile(db, cluster.id)
  const grant = await db.grants.create({
    personId: person.id,
    profileId: profile.id,
    clusterId: cluster.id,
    scope: { namespaces: ['shop'], rules: [{ verbs: ['get'] }], capabilities: ['exec', 'secrets'] },
    createdBy: person.id,
  })
  return { person, cluster, profile, grant }
}

export const addProfile = (db: Database, clusterId: string, name = 'viewer') =>
  db.profiles.create({ id: randomUUID(), clusterId, name, kind: 'static' })

/** Where a profile's credential stands, for the sealing. */
export const credentialOf = (profileId: string) => ({
  table: 'profiles',
  column: 'credential',
  row: profileId,
})
