import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Gateway } from '../../../server/contract/index.ts'
import type { Preset } from '../../../server/contract/grants.ts'
import {
  connectCluster,
  type ClusterClient,
  type ClusterHandle,
} from '../../../test/support/cluster/client.ts'
import { startCluster } from '../../../test/support/cluster/index.ts'
import { startLabGateway } from '../lab/gateway.ts'
import { contents, definition, nodes } from './contents.ts'
import { openWire, type Wire } from './wire.ts'

export interface Account {
  readonly name: string
  readonly password: string
}

/** All that the pictures are of: real parts, believable contents. */
export interface World {
  readonly address: string
  readonly cluster: ClusterClient
  /** Administers the gateway and may do all in both clusters. */
  readonly ada: Account
  /** May look at two namespaces of one cluster. */
  readonly ben: Account
  /** Leads to the second cluster, which is the same by another way. */
  readonly wire: Wire
  stop(): Promise<void>
}

/** A cluster of its own, or the one whose handle GATEHOUSE_TEST_CLUSTER names: to try things out. */
export async function openWorld(renderer: string, say: (line: string) => void): Promise<World> {
  const handle = process.env['GATEHOUSE_TEST_CLUSTER']
  const own = handle
    ? undefined
    : await startCluster({ node: true, kwokNodes: 1, metrics: true, progress: say })
  const cluster = own ?? connectCluster(readHandle(handle ?? ''))
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-screens-'))
  const wire = await openWire(cluster.handle.address)
  const stop = async () => {
    wire.stop()
    await own?.stop()
    cluster.api.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    say('filling the cluster')
    await fill(cluster)
    const gateway = await startLabGateway(cluster, folder, {
      id: 'shop-eu',
      name: 'Shop Europe',
      environment: {
        GATEHOUSE_CONSOLE_FOLDER: renderer,
        GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: [cluster.handle.address, wire.address]
          .map((it) => new URL(it).host)
          .join(','),
      },
    })
    const { ada, ben } = await invite(gateway.admin, cluster, wire)
    return {
      address: gateway.address,
      cluster,
      ada,
      ben,
      wire,
      async stop() {
        await gateway.stop()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const readHandle = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as ClusterHandle

async function fill(cluster: ClusterClient): Promise<void> {
  const apply = async (items: readonly object[], ...more: string[]) => {
    const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
    const args = ['apply', '--server-side', '--force-conflicts', ...more, '-f', '-']
    await cluster.kubectlOutput(args, { stdin })
  }
  await apply([definition, ...nodes])
  await apply(nodes, '--subresource=status')
  const crd = 'crd/backups.ops.example.com'
  await cluster.kubectlOutput(['wait', crd, '--for=condition=Established', '--timeout=30s'])
  await apply(contents())
  // Something to roll back to.
  const image = ['-n', 'shop', 'set', 'env', 'deployment/catalog']
  await cluster.kubectlOutput([...image, 'CACHE_SECONDS=30'])
  await cluster.kubectlOutput([...image, 'CACHE_SECONDS=300'])
  for (const it of ['deployment/web', 'deployment/catalog'])
    await cluster.kubectlOutput(['-n', 'shop', 'rollout', 'status', it, '--timeout=90s'])
}

/** People, what they may, and a second cluster. */
async function invite(admin: Gateway, cluster: ClusterClient, wire: Wire) {
  const kubeconfig = await readFile(cluster.handle.adminKubeconfig, 'utf8')
  const [context] = await admin.clusters.inspectKubeconfig({ kubeconfig })
  await admin.clusters.importContext({
    kubeconfig: kubeconfig.replaceAll(cluster.handle.address, wire.address),
    context: context?.name ?? '',
    id: 'shop-us',
    name: 'Shop America',
  })
  const profiles = {
    'shop-eu': await admin.profiles.list({ clusterId: 'shop-eu' }),
    'shop-us': await admin.profiles.list({ clusterId: 'shop-us' }),
  }
  const make = async (name: string, more: { admin?: boolean } = {}) => {
    const account = { name, password: `the password of ${name}, quite long` }
    return { ...account, id: (await admin.persons.create({ ...account, ...more })).id }
  }
  const grant = (
    personId: string,
    where: keyof typeof profiles,
    preset: Preset,
    more: object = {},
  ) => {
    const profileId = profiles[where].find((it) => it.name === preset)?.id ?? ''
    return admin.grants.create({ personId, profileId, preset, ...more })
  }
  const ada = await make('ada', { admin: true })
  for (const where of ['shop-eu', 'shop-us'] as const) await grant(ada.id, where, 'admin')
  await grant(ada.id, 'shop-eu', 'viewer')
  const ben = await make('ben')
  await grant(ben.id, 'shop-eu', 'viewer', { namespaces: ['shop', 'payments'] })
  const carla = await make('carla')
  await grant(carla.id, 'shop-eu', 'operator', { namespaces: ['payments'], expiresAt: inHours(8) })
  const deploy = await make('deploy-bot')
  await grant(deploy.id, 'shop-us', 'developer', {
    namespaces: ['shop', 'payments', 'search', 'platform'],
  })
  return { ada, ben }
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
