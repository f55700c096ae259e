import { Preset } from '../contract/grants.ts'
import { ownNamespace } from './scope.ts'

/** One rule of Kubernetes RBAC. */
interface ClusterRule {
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
  readonly verbs: readonly string[]
}

const read = ['get', 'list', 'watch']
const write = ['create', 'update', 'patch', 'delete', 'deletecollection']

// RBAC can only add, so what may be read is listed: Secrets are what is missing.
const reading: readonly ClusterRule[] = [
  {
    apiGroups: [''],
    resources: [
      'bindings',
      'componentstatuses',
      'configmaps',
      'endpoints',
      'events',
      'limitranges',
      'namespaces',
      'namespaces/status',
      'nodes',
      'nodes/status',
      'persistentvolumeclaims',
      'persistentvolumeclaims/status',
      'persistentvolumes',
      'persistentvolumes/status',
      'pods',
      'pods/log',
      'pods/status',
      'podtemplates',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'replicationcontrollers/status',
      'resourcequotas',
      'resourcequotas/status',
      'serviceaccounts',
      'services',
      'services/status',
    ],
    verbs: read,
  },
  {
    apiGroups: [
      'admissionregistration.k8s.io',
      'apiextensions.k8s.io',
      'apiregistration.k8s.io',
      'apps',
      'autoscaling',
      'batch',
      'certificates.k8s.io',
      'coordination.k8s.io',
      'discovery.k8s.io',
      'events.k8s.io',
      'flowcontrol.apiserver.k8s.io',
      'gateway.networking.k8s.io',
      'metrics.k8s.io',
      'networking.k8s.io',
      'node.k8s.io',
      'policy',
      'rbac.authorization.k8s.io',
      'resource.k8s.io',
      'scheduling.k8s.io',
      'storage.k8s.io',
    ],
    resources: ['*'],
    verbs: read,
  },
]

const workloads: readonly ClusterRule[] = [
  {
    apiGroups: [''],
    resources: [
      'configmaps',
      'persistentvolumeclaims',
      'pods',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'services',
    ],
    verbs: write,
  },
  { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
  {
    apiGroups: ['apps'],
    resources: [
      'daemonsets',
      'deployments',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
    verbs: write,
  },
  { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: write },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: write },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: write },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: write },
]

const entering: readonly ClusterRule[] = [
  {
    apiGroups: [''],
    resources: ['pods/exec', 'pods/attach', 'pods/portforward'],
    verbs: ['create', 'get'],
  },
  { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['get', 'update', 'patch'] },
]

/** What the account of each preset may do in a cluster that was imported. Grants only narrow it. */
const clusterRoles: Readonly<Record<Preset, readonly ClusterRule[]>> = {
  viewer: reading,
  developer: [...reading, ...workloads],
  operator: [...reading, ...workloads, ...entering],
  admin: [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ],
}

/** The account that mints the tokens of the others. */
export const keeperName = 'gatehouse-keeper'
export const accountName = (preset: Preset) => `gatehouse-${preset}`
const roleName = (preset: Preset) => `gatehouse:${preset}`

/** An object to be applied, with the path it lives at. */
export interface ClusterObject {
  readonly path: string
  /** For errors: `ClusterRole gatehouse:viewer`. */
  readonly title: string
  readonly body: Readonly<Record<string, unknown>>
}

const rbac = 'rbac.authorization.k8s.io'

/** Everything an import makes in a cluster, in the order in which it can be made. */
export function importedObjects(presets: readonly Preset[]): ClusterObject[] {
  const accounts = [keeperName, ...presets.map(accountName)]
  return [
    object('v1', 'Namespace', { name: ownNamespace }),
    ...accounts.map((name) =>
      object(
        'v1',
        'ServiceAccount',
        { namespace: ownNamespace, name },
        { automountServiceAccountToken: false },
      ),
    ),
    object(
      `${rbac}/v1`,
      'Role',
      { namespace: ownNamespace, name: keeperName },
      { rules: [keeperRule] },
    ),
    object(
      `${rbac}/v1`,
      'RoleBinding',
      { namespace: ownNamespace, name: keeperName },
      binding('Role', keeperName, keeperName),
    ),
    ...presets.flatMap((preset) => [
      object(
        `${rbac}/v1`,
        'ClusterRole',
        { name: roleName(preset) },
        { rules: clusterRoles[preset] },
      ),
      object(
        `${rbac}/v1`,
        'ClusterRoleBinding',
        { name: roleName(preset) },
        binding('ClusterRole', roleName(preset), accountName(preset)),
      ),
      ...(preset === 'admin' ? [] : [aggregated(preset)]),
    ]),
  ]
}

/** Kubernetes’ own `view`, without Secrets too: whoever adds a kind of resource adds to it what may be read. */
const aggregated = (preset: Preset): ClusterObject =>
  object(
    `${rbac}/v1`,
    'ClusterRoleBinding',
    { name: `${roleName(preset)}:view` },
    binding('ClusterRole', 'view', accountName(preset)),
  )

/**
 * By name, its own among them: nothing else in the namespace is within its reach. All presets are named
 * whichever were chosen, so that a later import of fewer takes nothing from an earlier one.
 */
const keeperRule: ClusterRule = {
  apiGroups: [''],
  resources: ['serviceaccounts/token'],
  resourceNames: [keeperName, ...Preset.options.map(accountName)],
  verbs: ['create'],
}

const binding = (kind: 'Role' | 'ClusterRole', role: string, account: string) => ({
  roleRef: { apiGroup: rbac, kind, name: role },
  subjects: [{ kind: 'ServiceAccount', namespace: ownNamespace, name: account }],
})

const plurals = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
} as const

function object(
  apiVersion: string,
  kind: keyof typeof plurals,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
  rest: Readonly<Record<string, unknown>> = {},
): ClusterObject {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`
  const labels = { 'app.kubernetes.io/managed-by': 'gatehouse' }
  return {
    path: `${root}${within}/${plurals[kind]}/${name}`,
    title: `${kind} ${name}`,
    body: {
      apiVersion,
      kind,
      metadata: { name, ...(namespace !== undefined && { namespace }), labels },
      ...rest,
    },
  }
}
