import { X509Certificate } from 'node:crypto'
import { Op, UniqueConstraintError, type Transaction } from 'sequelize'
import type { z } from 'zod'
import type { Changes } from '../access/index.ts'
import type { clusters, Diagnosis, Reach } from '../contract/clusters.ts'
import { AppError, conflict, invalidField, notFound } from '../contract/errors.ts'
import type { Cluster } from '../models/cluster.ts'
import type { Database } from '../models/database.ts'
import type { Sealing } from '../models/sealing.ts'
import type { Actor } from '../policies/caller.ts'
import {
  accountOf,
  isToken,
  keeperPlace,
  proxyPlace,
  readToken,
  routeFrom,
  type Upstreams,
} from '../proxy/upstream/index.ts'

export interface ClusterDeps {
  readonly db: Database
  readonly sealing: Sealing
  readonly changes: Changes
  readonly upstreams: Upstreams
}

type Input<Name extends keyof typeof clusters> = z.output<(typeof clusters)[Name]['input']>

/** All for an administrator, for others those they hold a grant on that is in force. */
export async function listClusters(
  { db }: Pick<ClusterDeps, 'db'>,
  actor: Actor,
): Promise<Cluster[]> {
  const order: [string, string][] = [['id', 'ASC']]
  if (actor.admin) return db.clusters.findAll({ order })
  const inForce = { [Op.or]: [{ expiresAt: null }, { expiresAt: { [Op.gt]: new Date() } }] }
  const grants = await db.grants.findAll({
    attributes: ['clusterId'],
    where: { [Op.and]: [{ personId: actor.personId }, inForce] },
  })
  const id = [...new Set(grants.map((it) => it.clusterId))]
  return db.clusters.findAll({ where: { id }, order })
}

export function testCluster(
  { upstreams }: Pick<ClusterDeps, 'upstreams'>,
  { token, ...reach }: Input<'test'>,
): Promise<Diagnosis> {
  checkReach(reach)
  if (token !== undefined) checkToken('token', token)
  return upstreams.diagnose(reach, token)
}

export async function registerCluster(
  deps: ClusterDeps,
  input: Input<'register'>,
): Promise<Cluster> {
  const { id, name, keeperToken, keeperNamespace, ...reach } = input
  if (keeperToken !== undefined) checkToken('keeperToken', keeperToken)
  if (await deps.db.clusters.findByPk(id)) throw conflict(`The cluster "${id}" already exists`)
  const namespace =
    keeperNamespace ?? accountOf(readToken(keeperToken ?? '').subject)?.namespace ?? null
  if (keeperToken !== undefined && namespace === null)
    throw invalidField(
      'keeperNamespace',
      'the token does not say where its account lives, and that namespace is to be closed',
    )
  await proveReach(deps, reach, keeperToken)
  const keeper =
    keeperToken === undefined
      ? undefined
      : { sealed: deps.sealing.seal(keeperToken, keeperPlace(id)), namespace }
  return insertCluster(deps, { id, name, reach, keeper, accounts: [] })
}

/**
 * Refuses a connection that does not work, with the reason; a keeper's token is tried with it.
 * @throws AppError
 */
export async function proveReach(
  { upstreams }: Pick<ClusterDeps, 'upstreams'>,
  reach: Reach,
  keeperToken?: string,
): Promise<void> {
  checkReach(reach)
  const { status, message } = await upstreams.diagnose(reach, keeperToken)
  if (status === 'ok') return
  if (status === 'address') throw invalidField('address', message)
  if (status === 'unauthorized') throw invalidField('keeperToken', message)
  throw new AppError(status === 'timeout' ? 'gateway_timeout' : 'bad_gateway', message)
}

/** Everything about a reach that can be judged without contacting anybody. */
function checkReach(reach: Reach): void {
  routeFrom(reach)
  const { caPem, serverName } = reach
  if (serverName !== undefined && !/^[a-z0-9.:-]+$/i.test(serverName))
    throw invalidField('serverName', 'not a host name')
  if (caPem === undefined) return
  if (caPem.includes('PRIVATE KEY'))
    throw invalidField('caPem', 'this holds a private key; give the certificate only')
  if (fingerprintOf(caPem) === undefined)
    throw invalidField('caPem', 'this is not a certificate in PEM form')
}

function checkToken(field: string, token: string): void {
  if (!isToken(token)) throw invalidField(field, 'has characters that no token has')
  const { expiresAt } = readToken(token)
  if (expiresAt && expiresAt.getTime() <= Date.now())
    throw invalidField(field, `expired at ${expiresAt.toISOString()}`)
}

interface NewCluster {
  readonly id: string
  readonly name: string
  readonly reach: Reach
  readonly keeper: { readonly sealed: string; readonly namespace: string | null } | undefined
  /** Become profiles whose tokens the keeper mints. */
  readonly accounts: readonly {
    readonly profile: string
    readonly namespace: string
    readonly name: string
  }[]
}

/** Writes a cluster and its first profiles, all or nothing. */
export async function insertCluster(
  { db, sealing, changes }: Omit<ClusterDeps, 'upstreams'>,
  { id, name, reach, keeper, accounts }: NewCluster,
): Promise<Cluster> {
  const work = async (transaction: Transaction) => {
    const cluster = await db.clusters.create(
      {
        id,
        name,
        ...columnsOf(reach, (plain) => sealing.seal(plain, proxyPlace(id))),
        keeper: keeper?.sealed ?? null,
        keeperNamespace: keeper?.namespace ?? null,
      },
      { transaction },
    )
    for (const account of accounts)
      await db.profiles.create(
        {
          clusterId: id,
          name: account.profile,
          kind: 'minted',
          serviceAccountNamespace: account.namespace,
          serviceAccountName: account.name,
          identity: `system:serviceaccount:${account.namespace}:${account.name}`,
        },
        { transaction },
      )
    return cluster
  }
  try {
    const cluster = await db.transaction(work)
    // Someone may have asked for it before it was there.
    changes.tell({ kind: 'cluster', id })
    return cluster
  } catch (error) {
    if (error instanceof UniqueConstraintError) throw conflict(`The cluster "${id}" already exists`)
    throw error
  }
}

const columnsOf = (reach: Reach, sealProxy: (plain: string) => string) => ({
  address: reach.address,
  caPem: reach.caPem ?? null,
  serverName: reach.serverName ?? null,
  proxyUrl: reach.proxyUrl === undefined ? null : sealProxy(reach.proxyUrl),
})

/**
 * Changes a cluster after the same test. Credentials never follow to a place that nothing connects with the
 * old one: whoever may change an address must not be able to collect tokens with it.
 */
export async function updateCluster(deps: ClusterDeps, input: Input<'update'>): Promise<Cluster> {
  const { db, sealing, changes } = deps
  const { id, name, keeperToken, ...changed } = input
  const before = await db.clusters.findByPk(id)
  if (!before) throw notFound('This cluster')
  if (keeperToken !== undefined) checkToken('keeperToken', keeperToken)
  const reach: Reach = { ...reachOf(before, sealing), ...withoutUndefined(changed) }
  const isMoved = Object.keys(withoutUndefined(changed)).length > 0
  const isTrusted = !isMoved || isSameTrust(reachOf(before, sealing), reach)
  if (!isTrusted && before.keeper !== null && keeperToken === undefined)
    throw invalidField(
      'keeperToken',
      'nothing proves that this is the same cluster, so the keeper’s token must be given again',
    )
  if (isMoved || keeperToken !== undefined) await proveReach(deps, reach, keeperToken)

  const after = await db.transaction(async (transaction) => {
    const row = await db.clusters.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE })
    if (!row) throw notFound('This cluster')
    if (row.revision !== before.revision)
      throw conflict('The cluster was changed by someone else in the meantime; look again')
    if (!isTrusted)
      await db.profiles.update(
        { credential: null, expiresAt: null },
        { where: { clusterId: id, kind: 'static' }, transaction },
      )
    return row.update(
      {
        ...(name !== undefined && { name }),
        ...(isMoved && columnsOf(reach, (plain) => sealing.seal(plain, proxyPlace(id)))),
        ...(keeperToken !== undefined && {
          keeper: sealing.seal(keeperToken, keeperPlace(id)),
          keeperNamespace:
            accountOf(readToken(keeperToken).subject)?.namespace ?? row.keeperNamespace,
        }),
        revision: isMoved || keeperToken !== undefined ? row.revision + 1 : row.revision,
      },
      { transaction },
    )
  })
  if (isMoved || keeperToken !== undefined) changes.tell({ kind: 'cluster', id })
  return after
}

/** A private authority may have signed many machines: only it and the name together say that this is the same one. */
const isSameTrust = (before: Reach, after: Reach): boolean =>
  before.caPem === after.caPem && nameOf(before) === nameOf(after)

const nameOf = (reach: Reach) => reach.serverName ?? routeFrom(reach).address.hostname

const withoutUndefined = (reach: {
  readonly [Name in keyof Reach]?: Reach[Name] | undefined
}): Partial<Reach> =>
  Object.fromEntries(Object.entries(reach).filter(([, value]) => value !== undefined))

export async function removeCluster(
  { db, changes }: Pick<ClusterDeps, 'db' | 'changes'>,
  id: string,
): Promise<void> {
  const profileIds = await db.transaction(async (transaction) => {
    const row = await db.clusters.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE })
    if (!row) throw notFound('This cluster')
    const profiles = await db.profiles.findAll({
      attributes: ['id'],
      where: { clusterId: id },
      transaction,
    })
    // Profiles and grants go with it, by the tables' own rules.
    await row.destroy({ transaction })
    return profiles.map((it) => it.id)
  })
  changes.tell({ kind: 'cluster', id })
  for (const profileId of profileIds) changes.tell({ kind: 'profile', id: profileId })
}

/** How a stored cluster is reached, its proxy opened. Not to be shown. */
function reachOf(row: Cluster, sealing: Sealing): Reach {
  const { id, address, caPem, serverName, proxyUrl } = row
  return {
    address,
    ...(caPem !== null && { caPem }),
    ...(serverName !== null && { serverName }),
    ...(proxyUrl !== null && { proxyUrl: sealing.open(proxyUrl, proxyPlace(id)) }),
  }
}

/** Host and port of the proxy: what may be shown of it. */
export const proxyHostOf = (row: Cluster, sealing: Sealing): string | undefined =>
  row.proxyUrl === null ? undefined : routeFrom(reachOf(row, sealing)).proxy?.host

export function fingerprintOf(caPem: string): string | undefined {
  try {
    return new X509Certificate(caPem).fingerprint256.replaceAll(':', '').toLowerCase()
  } catch {
    return undefined
  }
}
