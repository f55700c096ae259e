import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'
import type { Cluster } from '../../../../test/support/cluster/index.ts'
import { simulatedState } from '../../../../test/support/cluster/kwok-stages.ts'
import { until } from '../../../../test/support/cluster/readiness.ts'
import { openEtcd } from './etcd.ts'
import { copyOfPod } from './stored-pod.ts'

const namespaces = Array.from({ length: 20 }, (_, at) => `team-${at + 1}`)
const connections = 16

const nameOf = (at: number) =>
  `${apps[at % apps.length] ?? ''}-${(at * 2_654_435_761).toString(36).slice(-9)}-${at.toString(36)}`
const apps = ['checkout', 'catalogue', 'payments', 'search', 'mail', 'media', 'ledger', 'gateway']

/** A pod as teams have them: about 9 kB once the cluster has written down who owns what and how it is. */
function podOf(at: number, nodes: readonly string[]): object {
  const app = apps[at % apps.length] ?? ''
  const namespace = namespaces[at % namespaces.length]
  const env = Array.from({ length: 4 }, (_, it) => ({
    name: `${app.toUpperCase()}_SETTING_${it}`,
    value: `https://${app}-${it}.${namespace}.svc.cluster.local:8443/path`,
  }))
  const probe = (path: string) => ({
    httpGet: { path, port: 8080, scheme: 'HTTP' },
    initialDelaySeconds: 5,
    periodSeconds: 10,
  })
  const container = (name: string) => ({
    name,
    image: `registry.example.com/${namespace}/${name}:2026.11.${at % 30}`,
    ports: [{ name: 'http', containerPort: 8080 }],
    env,
    resources: {
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '500m', memory: '512Mi' },
    },
    livenessProbe: probe('/live'),
    readinessProbe: probe('/ready'),
    volumeMounts: [
      { name: 'settings', mountPath: '/etc/settings' },
      { name: 'scratch', mountPath: '/tmp' },
    ],
  })
  const state = stateOf(at)
  return {
    metadata: {
      name: nameOf(at),
      labels: {
        'app.kubernetes.io/name': app,
        'app.kubernetes.io/instance': `${app}-${namespace}`,
        'app.kubernetes.io/part-of': 'shop',
        'pod-template-hash': (at % 97).toString(36),
        tier: at % 3 === 0 ? 'front' : 'back',
      },
      annotations: {
        'example.com/checksum': 'c0ffee'.repeat(10),
        'example.com/owner': `${namespace}@example.com`,
        ...(state !== undefined && { [simulatedState]: state }),
      },
    },
    spec: {
      nodeName: nodes[at % nodes.length],
      tolerations: [{ operator: 'Exists' }],
      automountServiceAccountToken: false,
      containers: [container(app), container('side')],
      volumes: [
        { name: 'settings', configMap: { name: `${app}-settings`, optional: true } },
        { name: 'scratch', emptyDir: {} },
      ],
    },
  }
}

/** Six in a hundred need attention. */
function stateOf(at: number): string | undefined {
  const part = at % 100
  if (part < 3) return 'crash-loop'
  if (part < 5) return 'image-pull'
  return part === 5 ? 'failed' : undefined
}

/** As many as there are sorts of pods: names of teams, apps, nodes and states in all their mixtures. */
export const modelCount = 200
const writers = 32

/**
 * Makes the pods from one number to another: they are written into the store as copies of the models, with names of their
 * own, because the API server and the simulator would take a quarter of an hour for 50,000. From there on
 * the API server knows them as it knows all others.
 */
export async function copyPods(cluster: Cluster, from: number, to: number): Promise<void> {
  const etcd = openEtcd(cluster.folder)
  try {
    const models = (await etcd.list('/registry/pods/')).slice(0, modelCount)
    let next = from
    const writer = async () => {
      while (next < to) {
        const at = next
        next += 1
        const model = models[at % models.length]
        if (!model) throw new Error('the pods to copy are not there')
        const name = nameOf(at)
        const key = Buffer.from(model.key.toString().replace(/[^/]+$/, name))
        await etcd.put(key, copyOfPod(model.value, name, randomUUID()))
      }
    }
    await Promise.all(Array.from({ length: writers }, writer))
  } finally {
    etcd.close()
  }
}

/** The models: made by the API server, and shown as running or broken by the simulator. */
export async function postPods(cluster: Cluster): Promise<void> {
  const nodes = cluster.kwok?.nodeNames ?? []
  const work = Array.from({ length: modelCount }, (_, it) => it)
  const maker = async () => {
    for (let at = work.shift(); at !== undefined; at = work.shift()) {
      const path = `/api/v1/namespaces/${namespaces[at % namespaces.length]}/pods`
      await cluster.api.want(path, { method: 'POST', body: podOf(at, nodes) })
    }
  }
  await Promise.all(Array.from({ length: connections }, maker))
  await until({ what: 'The simulated pods', withinMs: 120_000, everyMs: 500 }, async () => {
    const path = '/api/v1/pods?fieldSelector=status.podIP=&limit=1'
    const { items } = await cluster.api.want<{ items: unknown[] }>(path)
    return items.length === 0 || undefined
  })
}

export const poolTo = ({ handle }: Pick<Cluster, 'handle'>, count: number): Pool =>
  new Pool(handle.address, {
    connections: count,
    allowH2: false,
    pipelining: 1,
    bodyTimeout: 0,
    connect: { ca: handle.caPem },
  })

export const jsonHeaders = ({ handle }: Pick<Cluster, 'handle'>) => ({
  authorization: `Bearer ${handle.adminToken}`,
  'content-type': 'application/json',
})

export async function makeNamespaces({ api }: Cluster): Promise<void> {
  for (const name of namespaces)
    await api.want('/api/v1/namespaces', { method: 'POST', body: { metadata: { name } } })
}
