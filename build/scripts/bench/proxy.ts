import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster } from '../../../test/support/cluster/index.ts'
import { simulatedNode } from '../../../test/support/cluster/kwok.ts'
import { startLabGateway } from '../lab/gateway.ts'
import { directDoor, gatewayDoor, kubectlProxyDoor } from './doors.ts'
import { portForward } from './port-forward.ts'
import { compareRequests } from './requests.ts'
import type { Section } from './results.ts'
import { say } from './say.ts'
import { formatTable, type Row } from './table.ts'
import { execEcho } from './terminals.ts'
import { idleWatches, watchLatency } from './watches.ts'

const namespace = 'bench'

/** The gateway’s proxy beside `kubectl proxy`, on one real cluster. */
export async function benchProxy(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  try {
    const table = formatTable(await run(folder))
    return { title: 'Beside `kubectl proxy`', text: `${table}\n\n${note}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(folder: string): Promise<Row[]> {
  const cluster = await startCluster({ node: false, kwokNodes: 1, hostExec: true, progress: say })
  try {
    const lab = await startLabGateway(cluster, folder)
    const kubectl = await kubectlProxyDoor(cluster)
    try {
      await fill(cluster)
      const admin = await lab.person('admin')
      const watcher = await lab.person('admin')
      const direct = directDoor(cluster)
      const gateway = gatewayDoor(lab, admin)
      const doors = [direct, gateway, kubectl]
      const rows: Row[] = []
      say('small requests')
      const small = {
        path: `/api/v1/namespaces/${namespace}/configmaps/small`,
        requests: 4000,
        connections: 16,
        rounds: 7,
      }
      rows.push(
        ...(await compareRequests(gateway, kubectl, {
          ...small,
          what: 'small GET, CPU per request',
          goal: '≤ 0.8',
        })),
      )
      say('lists of 1 MB')
      const list = {
        path: `/api/v1/namespaces/${namespace}/configmaps?labelSelector=large`,
        requests: 150,
        connections: 8,
        rounds: 7,
      }
      rows.push(
        ...(await compareRequests(gateway, kubectl, {
          ...list,
          what: '1 MB list, CPU per request',
          goal: '≤ 2, aim 1.2',
        })),
      )
      say('watches')
      rows.push(...(await watchLatency(cluster, namespace, doors)))
      rows.push(...(await idleWatches(lab, watcher, gatewayDoor(lab, watcher), kubectl)))
      say('terminals')
      rows.push(...(await execEcho(namespace, 'simulated', doors, { lab, person: admin })))
      say('port-forward')
      rows.push(...(await portForward(cluster, { namespace, name: 'simulated' }, doors)))
      return rows
    } finally {
      await kubectl.stop()
      await lab.stop()
    }
  } finally {
    await cluster.stop()
  }
}

/** A small object, a megabyte of large ones, and a pod. */
async function fill(cluster: Cluster): Promise<void> {
  const { api } = cluster
  await api.want('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: namespace } } })
  await cluster.kubectlOutput([
    '-n',
    namespace,
    'create',
    'configmap',
    'small',
    `--from-literal=text=${'x'.repeat(1500)}`,
  ])
  const path = `/api/v1/namespaces/${namespace}/configmaps`
  for (let at = 0; at < 100; at += 1)
    await api.want(path, {
      method: 'POST',
      body: {
        metadata: { name: `large-${at}`, labels: { large: '' } },
        data: { text: 'y'.repeat(10_000) },
      },
    })
  const pod = {
    metadata: { name: 'simulated' },
    spec: {
      nodeSelector: simulatedNode,
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'main', image: 'simulated' }],
    },
  }
  await api.want(`/api/v1/namespaces/${namespace}/pods`, { method: 'POST', body: pod })
  await cluster.waitForPod(namespace, 'simulated')
}

const note = `\`kubectl proxy\` listens without TLS, asks nobody for a token, decides nothing and records nothing. The
gateway's CPU holds a TLS connection on both sides, the decision, and one chained and indexed audit record for
every call, its commit to disk (fsync) included. The first thousands of calls of a process cost twice as much as
later ones, until the JIT has compiled them: ratios of a short run are too high.`
