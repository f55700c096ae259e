import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { AdminApi } from './admin-api.ts'
import { makeAuthority } from './certificates.ts'
import type { ControlPlane } from './control-plane.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import type { RealNode } from './node.ts'
import type { Parts } from './part-list.ts'
import { startOnPort } from './ports.ts'
import { until } from './readiness.ts'
import type { Run } from './run.ts'

interface MetricsServerOptions {
  readonly run: Run
  readonly parts: Parts<'metrics-server'>
  readonly controlPlane: ControlPlane
  readonly node: RealNode
}

const namespace = 'kube-system'
const name = 'metrics-server'
const serviceName = `${name}.${namespace}.svc`
const servicePort = 443
const apiService = 'v1beta1.metrics.k8s.io'

/** The real metrics server beside the cluster, known to the API server as any is: by a Service and an APIService. */
export async function startMetricsServer(options: MetricsServerOptions): Promise<void> {
  const { api } = options.controlPlane
  const authority = await makeAuthority('gatehouse metrics server')
  for (const [path, body] of rights) await api.want(path, { method: 'POST', body })
  const { certificatePem, keyPem } = await authority.certificateFor([serviceName], { name })
  const certFile = options.run.path('metrics-server.crt')
  const keyFile = options.run.path('metrics-server.key')
  await writeFile(certFile, certificatePem, { mode: 0o600 })
  await writeFile(keyFile, keyPem, { mode: 0o600 })
  const { part, port } = await startOnPort((wanted) =>
    startProgram(options, { certFile, keyFile, port: wanted }),
  )
  await register(api, { address: options.node.machineAddress, port, caPem: authority.caPem })
  await until({ what: 'The metrics API', withinMs: 60_000, everyMs: 100, part }, async () => {
    const answer = await api.call(`/apis/metrics.k8s.io/v1beta1/nodes/${options.node.name}`)
    return answer.status === 200 || undefined
  })
}

interface Serving {
  readonly certFile: string
  readonly keyFile: string
  readonly port: number
}

async function startProgram(
  { run, parts, controlPlane, node }: MetricsServerOptions,
  { certFile, keyFile, port }: Serving,
) {
  const { address, api, credentials } = controlPlane
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`
  const { status } = await api.want<{ status: { token: string } }>(`${account}/token`, {
    method: 'POST',
    body: { spec: { expirationSeconds: 24 * 3600 } },
  })
  const kubeconfig = run.path('metrics-server.kubeconfig')
  await writeKubeconfig(kubeconfig, {
    address,
    ca: { file: credentials.cert('ca') },
    user: { token: status.token },
  })
  const delegation = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig']
  const part = run.start(name, parts['metrics-server'], {
    args: [
      ...delegation.map((it) => `--${it}=${kubeconfig}`),
      `--bind-address=${node.machineAddress}`,
      `--secure-port=${port}`,
      `--tls-cert-file=${certFile}`,
      `--tls-private-key-file=${keyFile}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--kubelet-use-node-status-port',
      `--kubelet-certificate-authority=${credentials.cert('ca')}`,
      `--kubelet-client-certificate=${credentials.cert('kubeletClient')}`,
      `--kubelet-client-key=${credentials.key('kubeletClient')}`,
      // The least that it takes: it knows a rate after two looks.
      '--metric-resolution=10s',
      '--kubelet-request-timeout=5s',
    ],
  })
  await until({ what: 'The metrics server', withinMs: 30_000, part }, () =>
    takesConnections(node.machineAddress, port),
  )
  return { part, port }
}

async function takesConnections(host: string, port: number): Promise<true> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect')
    return true
  } finally {
    socket.destroy()
  }
}

interface Endpoint {
  readonly address: string
  readonly port: number
  readonly caPem: string
}

async function register(api: AdminApi, { address, port, caPem }: Endpoint): Promise<void> {
  const ports = [{ name: 'https', port, protocol: 'TCP' }]
  const metadata = { name, namespace }
  await api.want(`/api/v1/namespaces/${namespace}/services`, {
    method: 'POST',
    body: { metadata, spec: { ports: [{ ...ports[0], port: servicePort, targetPort: port }] } },
  })
  await api.want(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
    method: 'POST',
    body: {
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports,
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
    },
  })
  await api.want('/apis/apiregistration.k8s.io/v1/apiservices', {
    method: 'POST',
    body: {
      metadata: { name: apiService },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { name, namespace, port: servicePort },
        caBundle: Buffer.from(caPem).toString('base64'),
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  })
}

const rbac = '/apis/rbac.authorization.k8s.io/v1'
const subjects = [{ kind: 'ServiceAccount', name, namespace }]
const roleRef = (kind: 'ClusterRole' | 'Role', role: string) => ({
  apiGroup: 'rbac.authorization.k8s.io',
  kind,
  name: role,
})

/** What the metrics server may, as its own manifest has it. */
const rights: readonly (readonly [path: string, body: object])[] = [
  [`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name, namespace } }],
  [
    `${rbac}/clusterroles`,
    {
      metadata: { name: `system:${name}` },
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    },
  ],
  [
    `${rbac}/clusterrolebindings`,
    {
      metadata: { name: `system:${name}` },
      subjects,
      roleRef: roleRef('ClusterRole', `system:${name}`),
    },
  ],
  [
    `${rbac}/clusterrolebindings`,
    {
      metadata: { name: `${name}:system:auth-delegator` },
      subjects,
      roleRef: roleRef('ClusterRole', 'system:auth-delegator'),
    },
  ],
  [
    `${rbac}/namespaces/${namespace}/rolebindings`,
    {
      metadata: { name: `${name}-auth-reader`, namespace },
      subjects,
      roleRef: roleRef('Role', 'extension-apiserver-authentication-reader'),
    },
  ],
]
