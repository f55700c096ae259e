import { setTimeout as pause } from 'node:timers/promises'
import type { clusters } from '../contract/clusters.ts'
import { AppError, conflict, invalidField } from '../contract/errors.ts'
import type { Preset } from '../contract/grants.ts'
import type { z } from 'zod'
import type { Cluster } from '../models/cluster.ts'
import {
  accountName,
  importedObjects,
  keeperName,
  type ClusterObject,
} from '../policies/cluster-roles.ts'
import { ownNamespace } from '../policies/scope.ts'
import {
  callJson,
  keeperPlace,
  keeperSeconds,
  NoToken,
  requestToken,
  routeFrom,
  statusMessage,
  upstreamError,
  type Route,
  type Target,
} from '../proxy/upstream/index.ts'
import { insertCluster, proveReach, type ClusterDeps } from './clusters.ts'
import { readKubeconfig, type LiteralCredential } from './kubeconfig.ts'

type ImportInput = z.output<typeof clusters.importContext.input>

/**
 * Registers one context of a kubeconfig. Its right is used here, once, to make the keeper and the
 * presets' accounts, and is forgotten with this call. Nothing is written before all of that is done.
 */
export async function importContext(deps: ClusterDeps, input: ImportInput): Promise<Cluster> {
  const context = readKubeconfig(input.kubeconfig).find((it) => it.name === input.context)
  if (!context) throw invalidField('context', 'the kubeconfig has no such context')
  if (context.status === 'refused')
    throw invalidField('context', `it cannot be imported: ${context.reason}`)
  if (await deps.db.clusters.findByPk(input.id))
    throw conflict(`The cluster "${input.id}" already exists`)
  const { reach, credential } = context
  await proveReach(deps, reach)

  const presets = [...new Set(input.presets)]
  const keeperToken = await makeAccounts(deps, input.id, {
    route: routeFrom(reach),
    credential,
    presets,
  })
  return insertCluster(deps, {
    id: input.id,
    name: input.name,
    reach,
    keeper: {
      sealed: deps.sealing.seal(keeperToken, keeperPlace(input.id)),
      namespace: ownNamespace,
    },
    accounts: presets.map((preset) => ({
      profile: preset,
      namespace: ownNamespace,
      name: accountName(preset),
    })),
  })
}

interface Work {
  readonly route: Route
  readonly credential: LiteralCredential
  readonly presets: readonly Preset[]
}

/** Makes what the gateway needs in the cluster; answers the keeper's token. */
async function makeAccounts(
  { upstreams }: ClusterDeps,
  clusterId: string,
  { route, credential, presets }: Work,
): Promise<string> {
  const client = credential.kind === 'certificate' ? credential : undefined
  const token = credential.kind === 'token' ? credential.token : undefined
  const asImporter = upstreams.visit({ ...route, ...(client && { client }) }, clusterId)
  const asKeeper = upstreams.visit(route, clusterId)
  try {
    for (const object of importedObjects(presets)) await apply(asImporter, token, object)
    const keeper = await requestToken(asImporter, token, {
      account: { namespace: ownNamespace, name: keeperName },
      seconds: keeperSeconds,
    })
    for (const preset of presets) await proveKeeper(asKeeper, keeper.token, preset)
    return keeper.token
  } finally {
    await Promise.all([asImporter.destroy(), asKeeper.destroy()])
  }
}

/** Server-side apply, so that an import may be repeated; the gateway's own fields are the gateway's. */
async function apply(
  target: Target,
  token: string | undefined,
  { path, title, body }: ClusterObject,
): Promise<void> {
  const answer = await callJson(target, {
    method: 'PATCH',
    path: `${path}?fieldManager=gatehouse&force=true`,
    token,
    contentType: 'application/apply-patch+yaml',
    body,
  }).catch((error: unknown) => {
    throw upstreamError(target.clusterId, error)
  })
  if (answer.status === 200 || answer.status === 201) return
  const said = statusMessage(answer)
  if (answer.status === 401)
    throw invalidField(
      'kubeconfig',
      `the cluster does not accept the credential of this context (${said})`,
    )
  if (answer.status === 403)
    throw invalidField(
      'kubeconfig',
      `the credential of this context may not make ${title}: ${said}. Use one of a cluster administrator; nothing was registered.`,
    )
  throw new AppError(
    'bad_gateway',
    `The cluster did not make ${title}: ${said}. Nothing was registered.`,
  )
}

const attempts = 10
const pauseBetween = 300

/** A role that was just made takes the cluster a moment to know. */
async function proveKeeper(target: Target, token: string, preset: Preset): Promise<void> {
  const account = { namespace: ownNamespace, name: accountName(preset) }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await requestToken(target, token, { account, seconds: 600 })
      return
    } catch (error) {
      const mayPass = error instanceof NoToken && (error.status === 403 || error.status === 401)
      if (!mayPass || attempt === attempts) throw error
      await pause(pauseBetween)
    }
  }
}
