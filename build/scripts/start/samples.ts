import type { Cluster } from '../../../test/support/cluster/index.ts'
import { simulatedNode } from '../../../test/support/cluster/kwok.ts'
import { simulatedState } from '../../../test/support/cluster/kwok-stages.ts'
import { realNode } from '../../../test/support/cluster/node.ts'
import { busyboxImage } from '../../../test/support/cluster/node-images.ts'
import type { Say } from './say.ts'

/** Something to look at: what is healthy, what crashes, and what finds no place. Waits for the healthy. */
export async function makeSamples(cluster: Cluster, say: Say): Promise<void> {
  const items = sampleObjects(cluster.node !== undefined)
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  await cluster.kubectlOutput(['apply', '--server-side', '-f', '-'], { stdin })
  const wait = ['-n', 'shop', 'rollout', 'status', 'deployment/web', '--timeout=60s']
  if ((await cluster.kubectl(wait)).code !== 0) say('shop/web is not up yet; kubectl says why')
}

const web = `mkdir -p /www && echo "hello from the shop, $(hostname)" >/www/index.html
echo "listening on 8080" && exec httpd -f -v -p 8080 -h /www`
const cart =
  'echo "connecting to the database cart-db:5432"; sleep 2; echo "no answer, giving up"; exit 1'

function sampleObjects(isReal: boolean): object[] {
  const place = isReal ? realNode : simulatedNode
  const crashing = isReal ? {} : { [simulatedState]: 'crash-loop' }
  return [
    namespace('shop'),
    namespace('payments'),
    deployment('shop', { name: 'web', replicas: 2, script: web, on: place, port: 8080 }),
    deployment('shop', { name: 'cart', script: cart, on: place, annotations: crashing }),
    // More than any node has, so it waits for ever and says why.
    deployment('shop', { name: 'report', script: 'sleep 3600', on: place, cpu: '500' }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web', namespace: 'shop' },
      data: { 'greeting.txt': 'hello from the shop\n' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'database', namespace: 'shop' },
      stringData: { password: 'seen only with the capability "secrets"' },
    },
    deployment('payments', {
      name: 'ledger',
      replicas: 3,
      script: 'sleep 3600',
      on: simulatedNode,
    }),
  ]
}

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })

interface Workload {
  readonly name: string
  readonly script: string
  readonly on: Readonly<Record<string, string>>
  readonly replicas?: number
  readonly annotations?: Readonly<Record<string, string>>
  readonly cpu?: string
  readonly port?: number
}

function deployment(namespace: string, { name, script, on, ...more }: Workload) {
  const { replicas = 1, annotations = {}, cpu = '10m', port } = more
  const container = {
    name: 'main',
    image: busyboxImage,
    imagePullPolicy: 'Never',
    command: ['sh', '-c', script],
    resources: { requests: { cpu, memory: '16Mi' } },
    ...(port !== undefined && {
      ports: [{ containerPort: port }],
      readinessProbe: { tcpSocket: { port }, periodSeconds: 2 },
    }),
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { nodeSelector: on, terminationGracePeriodSeconds: 1, containers: [container] },
      },
    },
  }
}
