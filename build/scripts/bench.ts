// `npm run bench`: the gateway beside `kubectl proxy` on one real cluster, in turn in one run, since
// only ratios hold on a machine that others use too. Writes the table to build/bench/.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster } from '../../test/support/cluster/index.ts'
import { simulatedNode } from '../../test/support/cluster/kwok.ts'
import { directDoor, gatewayDoor, kubectlProxyDoor } from './bench/doors.ts'
import { portForward } from './bench/port-forward.ts'
import { compareRequests } from './bench/requests.ts'
import { formatTable, type Row } from './bench/table.ts'
import { execEcho } from './bench/terminals.ts'
import { idleWatches, watchLatency } from './bench/watches.ts'
import { startLabGateway } from './lab/gateway.ts'
import { root } from './tools.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)
const namespace = 'bench'

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
      rows.push(...(await execEcho(namespace, 'simulated', doors)))
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

const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
try {
  const started = new Date()
  const rows = await run(folder)
  const table = formatTable(rows)
  const about = `${started.toISOString()}, ${cpus().length} cores, Node ${process.version}; CPU is that of the process between`
  const text = `${about}\n\n${table}\n\n${note}\n`
  const results = join(root, 'build/bench')
  await mkdir(results, { recursive: true })
  await writeFile(join(results, 'results.md'), text)
  process.stdout.write(text)
} finally {
  await rm(folder, { recursive: true, force: true })
}
