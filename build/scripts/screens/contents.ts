import { simulatedNode } from '../../../test/support/cluster/kwok.ts'
import { simulatedState } from '../../../test/support/cluster/kwok-stages.ts'
import { realNode } from '../../../test/support/cluster/node.ts'
import { busyboxImage } from '../../../test/support/cluster/node-images.ts'

/** Where what is looked at stands. */
const namespaces = ['shop', 'payments', 'search', 'platform'] as const

/** What a team would run: most of it well, some of it crashing, waiting, or without an image. */
export function contents(): object[] {
  return [
    ...namespaces.map((name) => object('v1', 'Namespace', name)),
    ...shop(),
    ...payments(),
    ...search(),
    ...platform(),
  ]
}

const web = `mkdir -p /www && echo "hello from the shop, $(hostname)" >/www/index.html
httpd -f -v -p 8080 -h /www 2>/dev/null &
n=0
while true; do
  n=$((n + 1)); ms=$((n * 37 % 90 + 4))
  case $((n % 9)) in
    3) echo "{\\"level\\":\\"warn\\",\\"msg\\":\\"slow answer of cart\\",\\"ms\\":$((ms * 20)),\\"route\\":\\"/checkout\\",\\"order\\":\\"o-$((n * 7919 % 10000))\\"}" ;;
    7) echo "ERROR cart: no answer within 2 s, order o-$((n * 7919 % 10000))" >&2 ;;
    *) echo "{\\"level\\":\\"info\\",\\"msg\\":\\"GET /products/$((n * 31 % 400))\\",\\"status\\":200,\\"ms\\":$ms}" ;;
  esac
  sleep 0.4
done`

const cart = `echo "cart 2.3.1 starting"
echo "reading /etc/cart/config.yaml"
echo "connecting to cart-db:5432 as cart"
sleep 1
echo "FATAL: password authentication failed for user \\"cart\\"" >&2
exit 1`

function shop(): object[] {
  const at = { namespace: 'shop' }
  return [
    deployment('web', { ...at, replicas: 2, script: web, on: realNode, port: 8080, tier: 'front' }),
    deployment('cart', { ...at, script: cart, on: realNode, tier: 'back' }),
    deployment('catalog', { ...at, replicas: 4, tier: 'back' }),
    deployment('recommender', {
      ...at,
      replicas: 2,
      state: 'image-pull',
      image: 'shop/recommender:4.1.0-rc2',
    }),
    deployment('thumbnails', { ...at, cpu: '500' }),
    object('apps/v1', 'StatefulSet', 'cart-db', {
      ...at,
      spec: { serviceName: 'cart-db', replicas: 3, ...template('cart-db', {}) },
    }),
    service('web', 'shop', 80, 8080),
    service('catalog', 'shop', 80, 8080),
    object('networking.k8s.io/v1', 'Ingress', 'shop', {
      ...at,
      spec: {
        rules: [
          {
            host: 'shop.example.com',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    }),
    object('v1', 'ConfigMap', 'web', {
      ...at,
      data: { 'features.yaml': 'checkout: v2\nrecommendations: false\n', LOG_LEVEL: 'info' },
    }),
    object('v1', 'Secret', 'cart-db', {
      ...at,
      stringData: {
        username: 'cart',
        password: 'tr0ub4dor-and-3-horses',
        host: 'cart-db.shop.svc',
      },
    }),
    object('v1', 'Secret', 'stripe', {
      ...at,
      stringData: { 'api-key': 'sk_test_not_a_real_key' },
    }),
    object('autoscaling/v2', 'HorizontalPodAutoscaler', 'catalog', {
      ...at,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'catalog' },
        minReplicas: 4,
        maxReplicas: 12,
      },
    }),
  ]
}

function payments(): object[] {
  const at = { namespace: 'payments' }
  const job = { restartPolicy: 'Never', backoffLimit: 0 }
  return [
    deployment('ledger', { ...at, replicas: 3, tier: 'back' }),
    deployment('fraud-check', { ...at, replicas: 2, state: 'crash-loop' }),
    object('policy/v1', 'PodDisruptionBudget', 'ledger', {
      ...at,
      spec: { minAvailable: 3, selector: { matchLabels: { app: 'ledger' } } },
    }),
    object('batch/v1', 'CronJob', 'settlement', {
      ...at,
      spec: { schedule: '0 2 * * *', jobTemplate: { spec: jobSpec('sleep 2', job) } },
    }),
    object('batch/v1', 'CronJob', 'export-to-bank', {
      ...at,
      spec: {
        schedule: '*/15 6-20 * * 1-5',
        suspend: true,
        jobTemplate: { spec: jobSpec('sleep 2', job) },
      },
    }),
    object('batch/v1', 'Job', 'migrate-2026-11', { ...at, spec: jobSpec('echo done', job) }),
    object('batch/v1', 'Job', 'reconcile', {
      ...at,
      spec: jobSpec('echo "3 entries differ"; exit 4', job),
    }),
    object('v1', 'PersistentVolume', 'ledger-archive', {
      spec: {
        capacity: { storage: '20Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'archive',
        hostPath: { path: '/tmp/none' },
      },
    }),
    claim('ledger-archive', 'archive', '20Gi'),
    claim('ledger-scratch', 'fast', '100Gi'),
    service('ledger', 'payments', 8443, 8443),
  ]
}

function search(): object[] {
  const at = { namespace: 'search' }
  return [
    deployment('indexer', { ...at, replicas: 6 }),
    deployment('query', { ...at, replicas: 8 }),
    service('query', 'search', 80, 8080),
  ]
}

function platform(): object[] {
  const at = { namespace: 'platform' }
  const backup = (name: string, schedule: string, last: string) =>
    object('ops.example.com/v1', 'Backup', name, {
      ...at,
      spec: { schedule, target: 's3' },
      status: { last },
    })
  return [
    object('apps/v1', 'DaemonSet', 'node-agent', { ...at, spec: template('node-agent', {}) }),
    backup('cart-db', '0 3 * * *', 'Succeeded'),
    backup('ledger', '0 * * * *', 'Succeeded'),
    backup('search-index', '0 4 * * 0', 'Failed'),
  ]
}

/** A kind that no program knows beforehand. */
export const definition = object(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'backups.ops.example.com',
  {
    spec: {
      group: 'ops.example.com',
      scope: 'Namespaced',
      names: { plural: 'backups', singular: 'backup', kind: 'Backup' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
          additionalPrinterColumns: [
            { name: 'Schedule', type: 'string', jsonPath: '.spec.schedule' },
            { name: 'Target', type: 'string', jsonPath: '.spec.target' },
            { name: 'Last', type: 'string', jsonPath: '.status.last' },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
        },
      ],
    },
  },
)

/** Two pools, one node taken out, one that nobody hears of. */
export const nodes = [
  node('pool-a-1', true),
  node('pool-a-2', true),
  node('pool-b-1', true),
  { ...node('pool-b-2', true), spec: { unschedulable: true } },
  node('pool-b-3', false),
]

function node(name: string, heard: boolean) {
  const room = { cpu: '8', memory: '32Gi', pods: '110' }
  return {
    ...object('v1', 'Node', name),
    metadata: {
      name,
      labels: {
        ...(heard && simulatedNode),
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': name.startsWith('pool-a') ? 'eu-west-1a' : 'eu-west-1b',
      },
      ...(heard && { annotations: { 'kwok.x-k8s.io/node': 'fake' } }),
    },
    status: { allocatable: room, capacity: room },
  }
}

function object(
  apiVersion: string,
  kind: string,
  name: string,
  { namespace, ...rest }: Fields = {},
) {
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) }, ...rest }
}

interface Fields {
  readonly namespace?: string
  readonly [field: string]: unknown
}

interface Workload {
  readonly replicas?: number
  readonly script?: string
  readonly on?: Readonly<Record<string, string>>
  readonly image?: string
  /** A state that the simulated node shows. */
  readonly state?: string
  readonly cpu?: string
  readonly port?: number
  readonly tier?: string
}

function deployment(name: string, { namespace, replicas = 1, ...rest }: Workload & Fields) {
  return object('apps/v1', 'Deployment', name, {
    ...(namespace && { namespace }),
    spec: { replicas, ...template(name, rest) },
  })
}

function template(name: string, of: Workload) {
  const { script = 'sleep 36000', on = simulatedNode, image, state, cpu = '150m', port, tier } = of
  const labels = { app: name, ...(tier && { tier }) }
  const container = {
    name: 'main',
    image: image ?? busyboxImage,
    imagePullPolicy: 'Never',
    command: ['sh', '-c', script],
    resources: { requests: { cpu, memory: '96Mi' }, limits: { memory: '256Mi' } },
    ...(port && {
      ports: [{ name: 'http', containerPort: port }],
      readinessProbe: { tcpSocket: { port }, periodSeconds: 2 },
    }),
  }
  return {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels, ...(state && { annotations: { [simulatedState]: state } }) },
      spec: { nodeSelector: on, terminationGracePeriodSeconds: 1, containers: [container] },
    },
  }
}

const jobSpec = (
  script: string,
  { restartPolicy, backoffLimit }: { restartPolicy: string; backoffLimit: number },
) => ({
  backoffLimit,
  template: {
    spec: {
      restartPolicy,
      nodeSelector: realNode,
      containers: [
        {
          name: 'main',
          image: busyboxImage,
          imagePullPolicy: 'Never',
          command: ['sh', '-c', script],
        },
      ],
    },
  },
})

const service = (name: string, namespace: string, port: number, targetPort: number) =>
  object('v1', 'Service', name, {
    namespace,
    spec: { selector: { app: name }, ports: [{ name: 'http', port, targetPort }] },
  })

const claim = (name: string, storageClassName: string, storage: string) =>
  object('v1', 'PersistentVolumeClaim', name, {
    namespace: 'payments',
    spec: {
      storageClassName,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage } },
    },
  })
