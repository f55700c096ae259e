import { randomUUID } from 'node:crypto'
import { UniqueConstraintError, type CreationAttributes } from 'sequelize'
import type { z } from 'zod'
import { conflict, invalidField, notFound } from '../contract/errors.ts'
import type { profiles } from '../contract/profiles.ts'
import type { Cluster } from '../models/cluster.ts'
import type { Profile } from '../models/profile.ts'
import {
  credentialPlace,
  isAccountName,
  isToken,
  keeperPlace,
  readToken,
  type TokenClaims,
} from '../proxy/upstream/index.ts'
import { ownNamespace } from '../policies/scope.ts'
import type { ClusterDeps } from './clusters.ts'

type Input<Name extends keyof typeof profiles> = z.output<(typeof profiles)[Name]['input']>

export async function listProfiles(
  { db }: Pick<ClusterDeps, 'db'>,
  clusterId: string,
): Promise<Profile[]> {
  if (!(await db.clusters.findByPk(clusterId))) throw notFound('This cluster')
  return db.profiles.findAll({ where: { clusterId }, order: [['name', 'ASC']] })
}

export async function createStatic(
  deps: ClusterDeps,
  { clusterId, name, token }: Input<'createStatic'>,
): Promise<Profile> {
  const cluster = await findCluster(deps, clusterId)
  const { subject, expiresAt } = readPasted(token)
  refuseKeeper(deps, cluster, subject)
  const id = randomUUID()
  return insert(deps, {
    id,
    clusterId,
    name,
    kind: 'static',
    credential: deps.sealing.seal(token, credentialPlace(id)),
    identity: subject ?? null,
    expiresAt: expiresAt ?? null,
  })
}

export async function createMinted(
  deps: ClusterDeps,
  { clusterId, name, namespace, serviceAccount }: Input<'createMinted'>,
): Promise<Profile> {
  const cluster = await findCluster(deps, clusterId)
  if (!isAccountName(serviceAccount)) throw invalidField('serviceAccount', 'not an account’s name')
  const closed = cluster.keeperNamespace ?? ownNamespace
  // Elsewhere whoever may make pods there could run one as this account.
  if (namespace !== closed && namespace !== ownNamespace)
    throw invalidField('namespace', `accounts of profiles live in "${closed}", closed to everyone`)
  const identity = `system:serviceaccount:${namespace}:${serviceAccount}`
  refuseKeeper(deps, cluster, identity)
  await deps.upstreams.prove(clusterId, { namespace, name: serviceAccount })
  return insert(deps, {
    clusterId,
    name,
    kind: 'minted',
    serviceAccountNamespace: namespace,
    serviceAccountName: serviceAccount,
    identity,
  })
}

/** Streams that use the old token go on only when the new one is the same identity's. */
export async function replaceToken(
  deps: ClusterDeps,
  { id, token }: Input<'replaceToken'>,
): Promise<Profile> {
  const { db, sealing, changes, upstreams } = deps
  const { subject, expiresAt } = readPasted(token)
  const { profile, isSame } = await db.transaction(async (transaction) => {
    const row = await db.profiles.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE })
    if (!row) throw notFound('This profile')
    if (row.kind !== 'static') throw conflict('The tokens of this profile are minted, not pasted')
    const cluster = await db.clusters.findByPk(row.clusterId, { transaction })
    if (cluster) refuseKeeper(deps, cluster, subject)
    // Of two opaque tokens nobody can say whether they are one identity's.
    const isSame = subject !== undefined && subject === row.identity
    const profile = await row.update(
      {
        credential: sealing.seal(token, credentialPlace(id)),
        identity: subject ?? null,
        expiresAt: expiresAt ?? null,
        generation: row.generation + 1,
      },
      { transaction },
    )
    return { profile, isSame }
  })
  if (isSame) upstreams.forgetProfile(id)
  else changes.tell({ kind: 'credential', id })
  return profile
}

export async function removeProfile(
  { db, changes }: Pick<ClusterDeps, 'db' | 'changes'>,
  id: string,
): Promise<void> {
  const removed = await db.transaction((transaction) =>
    db.profiles.destroy({ where: { id }, transaction }),
  )
  if (removed === 0) throw notFound('This profile')
  changes.tell({ kind: 'profile', id })
}

async function findCluster({ db }: Pick<ClusterDeps, 'db'>, id: string): Promise<Cluster> {
  const cluster = await db.clusters.findByPk(id)
  if (!cluster) throw notFound('This cluster')
  return cluster
}

function readPasted(token: string): TokenClaims {
  if (!isToken(token)) throw invalidField('token', 'has characters that no token has')
  const claims = readToken(token)
  if (claims.expiresAt && claims.expiresAt.getTime() <= Date.now())
    throw invalidField('token', `expired at ${claims.expiresAt.toISOString()}`)
  return claims
}

/** The keeper mints every other identity, so it must never become one that people can be granted. */
function refuseKeeper(
  { sealing }: ClusterDeps,
  cluster: Cluster,
  subject: string | undefined,
): void {
  if (cluster.keeper === null || subject === undefined) return
  const keeper = readToken(sealing.open(cluster.keeper, keeperPlace(cluster.id))).subject
  if (keeper === subject)
    throw invalidField('token', 'this is the cluster’s keeper, which no grant may reach')
}

type NewProfile = CreationAttributes<Profile>

async function insert({ db }: ClusterDeps, values: NewProfile): Promise<Profile> {
  try {
    return await db.transaction((transaction) => db.profiles.create(values, { transaction }))
  } catch (error) {
    if (error instanceof UniqueConstraintError)
      throw conflict(`The cluster already has a profile "${values.name}"`)
    throw error
  }
}
