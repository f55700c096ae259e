import type { ClusterClient } from './cluster/client.ts'
import { simulatedNode } from './cluster/kwok.ts'
import { busyboxImage } from './cluster/node-images.ts'
import { realNodeName } from './cluster/node.ts'

const labels = { app: 'web', 'app.kubernetes.io/part-of': 'shop' }
const selector = { matchLabels: { app: 'web' } }

const container = (name: string, more: object = {}) => ({
  name,
  image: 'registry.example.org/shop/web:1.2.3',
  resources: {
    requests: { cpu: '100m', memory: '64Mi' },
    limits: { cpu: '1.5', memory: '128M' },
  },
  ...more,
})

const template = (more: object = {}) => ({
  metadata: { labels },
  spec: { nodeSelector: simulatedNode, containers: [container('main')], ...more },
})

/** One object or more of every kind that has columns of ours, each with what its columns show. */
export const everyKind = (namespace: string): object[] => [
  ...workloads(),
  ...network(),
  ...configuration(),
  ...access(namespace),
  ...clusterWide(namespace),
]

const workloads = (): object[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels, annotations: { note: 'not decoded' } },
    spec: { replicas: 2, selector, template: template() },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'resting' },
    spec: {
      replicas: 0,
      paused: true,
      strategy: { type: 'Recreate' },
      selector: {
        matchExpressions: [{ key: 'app', operator: 'In', values: ['resting', 'web'] }],
        matchLabels: { app: 'resting' },
      },
      template: { ...template(), metadata: { labels: { app: 'resting' } } },
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'data' },
    spec: { serviceName: 'data', replicas: 1, selector, template: template() },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: { selector, template: template() },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once' },
    spec: {
      completions: 3,
      parallelism: 2,
      suspend: true,
      template: template({ restartPolicy: 'Never' }),
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly' },
    spec: {
      schedule: '0 3 * * *',
      timeZone: 'Europe/Rome',
      suspend: true,
      jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } },
    },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
        {
          type: 'Resource',
          resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '100Mi' } },
        },
      ],
    },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { maxUnavailable: '25%', selector },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'nobody' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'nobody' } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'preparing', labels: { app: 'preparing' } },
    spec: {
      nodeName: realNodeName,
      terminationGracePeriodSeconds: 0,
      initContainers: [
        {
          name: 'beside',
          image: busyboxImage,
          imagePullPolicy: 'Never',
          restartPolicy: 'Always',
          command: ['sleep', '3600'],
          resources: { requests: { cpu: '10m' } },
        },
        {
          name: 'first',
          image: busyboxImage,
          imagePullPolicy: 'Never',
          command: ['sh', '-c', 'echo no database; exit 3'],
          resources: { requests: { cpu: '200m' } },
          terminationMessagePolicy: 'FallbackToLogsOnError',
        },
      ],
      containers: [
        { name: 'main', image: busyboxImage, imagePullPolicy: 'Never', command: ['sleep', '1'] },
      ],
    },
  },
]

const network = (): object[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: {
      selector: { app: 'web' },
      sessionAffinity: 'ClientIP',
      ports: [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 },
      ],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'outside' },
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 443 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'elsewhere' },
    spec: { type: 'ExternalName', externalName: 'db.example.org' },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web' },
    spec: {
      ingressClassName: 'none',
      tls: [{ hosts: ['shop.example.org'], secretName: 'shop-tls' }],
      rules: [
        {
          host: 'shop.example.org',
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
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'closed' },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}, {}] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'by-hand', labels: { 'kubernetes.io/service-name': 'by-hand' } },
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['10.1.2.3'], conditions: { ready: false } },
      { addresses: ['10.1.2.4'] },
    ],
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  },
]

const configuration = (): object[] => [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings' },
    data: { 'a.yaml': 'grüße: 世界', b: '' },
    binaryData: { c: '/wA=' },
    immutable: true,
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'password' },
    type: 'example.org/password',
    stringData: { user: 'shop', password: 'never shown' },
  },
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot' },
    imagePullSecrets: [{ name: 'pull' }],
    automountServiceAccountToken: false,
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'disk' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'missing',
      resources: { requests: { storage: '5Gi' } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few' },
    spec: { hard: { 'count/leases.coordination.k8s.io': '1', 'count/secrets': '100' } },
  },
  {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'usual' },
    spec: {
      limits: [{ type: 'Container', max: { cpu: '2' }, min: { cpu: '1m' } }],
    },
  },
  {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'leader' },
    spec: {
      holderIdentity: 'web-1',
      leaseDurationSeconds: 15,
      leaseTransitions: 3,
      acquireTime: '2026-01-02T03:04:05.678901Z',
      renewTime: '2026-01-02T03:04:06.000001Z',
    },
  },
]

const access = (namespace: string): object[] => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'reader' },
    rules: [
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'readers' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [
      { kind: 'ServiceAccount', name: 'robot', namespace },
      { kind: 'User', name: 'ada@example.org', apiGroup: 'rbac.authorization.k8s.io' },
    ],
  },
]

/** Named after the namespace, so that they can be removed with it. */
const clusterWide = (namespace: string): object[] => [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: namespace },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteMany', 'ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'slow',
      claimRef: { namespace, name: 'not-there' },
      nfs: { server: 'nfs.example.org', path: '/shop' },
    },
  },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: namespace,
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' },
    },
    provisioner: 'example.org/disk',
    allowVolumeExpansion: true,
    volumeBindingMode: 'WaitForFirstConsumer',
  },
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: namespace },
    value: -10,
    description: 'Whatever can wait',
    preemptionPolicy: 'Never',
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: namespace },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'to-web': 'yes' } }] },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: namespace },
    subjects: [{ kind: 'Group', name: 'staff', apiGroup: 'rbac.authorization.k8s.io' }],
  },
]

const clusterWideKinds = [
  'persistentvolume',
  'storageclass',
  'priorityclass',
  'clusterrole',
  'clusterrolebinding',
]

export async function applyAll(cluster: ClusterClient, namespace: string, all: object[]) {
  const stdin = all.map((it) => JSON.stringify(it)).join('\n---\n')
  await cluster.kubectlOutput(['-n', namespace, 'apply', '--server-side', '-f', '-'], { stdin })
}

export async function removeClusterWide(cluster: ClusterClient, name: string): Promise<void> {
  for (const kind of clusterWideKinds)
    await cluster.kubectl(['delete', kind, name, '--ignore-not-found', '--wait=false'])
}
