import type { Kind } from '#gateway/kinds.ts'

/** Where each kind stands in the tree, in the order that people know from Lens. */
const groups = {
  cluster: ['nodes', 'namespaces', 'events', 'leases.coordination.k8s.io'],
  workloads: [
    'pods',
    'deployments.apps',
    'statefulsets.apps',
    'daemonsets.apps',
    'replicasets.apps',
    'jobs.batch',
    'cronjobs.batch',
    'replicationcontrollers',
  ],
  config: [
    'configmaps',
    'secrets',
    'resourcequotas',
    'limitranges',
    'horizontalpodautoscalers.autoscaling',
    'poddisruptionbudgets.policy',
    'priorityclasses.scheduling.k8s.io',
    'runtimeclasses.node.k8s.io',
    'mutatingwebhookconfigurations.admissionregistration.k8s.io',
    'validatingwebhookconfigurations.admissionregistration.k8s.io',
  ],
  network: [
    'services',
    'endpointslices.discovery.k8s.io',
    'endpoints',
    'ingresses.networking.k8s.io',
    'ingressclasses.networking.k8s.io',
    'networkpolicies.networking.k8s.io',
    'gateways.gateway.networking.k8s.io',
    'gatewayclasses.gateway.networking.k8s.io',
    'httproutes.gateway.networking.k8s.io',
    'grpcroutes.gateway.networking.k8s.io',
  ],
  storage: [
    'persistentvolumeclaims',
    'persistentvolumes',
    'storageclasses.storage.k8s.io',
    'volumeattachments.storage.k8s.io',
    'csidrivers.storage.k8s.io',
    'csinodes.storage.k8s.io',
  ],
  access: [
    'serviceaccounts',
    'roles.rbac.authorization.k8s.io',
    'rolebindings.rbac.authorization.k8s.io',
    'clusterroles.rbac.authorization.k8s.io',
    'clusterrolebindings.rbac.authorization.k8s.io',
    'certificatesigningrequests.certificates.k8s.io',
  ],
} as const

export type GroupId = keyof typeof groups | 'system' | 'custom'

export interface KindGroup<K extends Kind = Kind> {
  readonly id: GroupId
  /** For custom resources: the API group. */
  readonly apiGroup?: string
  readonly kinds: readonly K[]
}

/** `deployments.apps`, as RBAC writes it. */
export const nameOf = ({ group, resource }: Pick<Kind, 'group' | 'resource'>): string =>
  group === '' ? resource : `${resource}.${group}`

/** Event of the newer group is the same list again. */
const doubled = new Set(['events.events.k8s.io'])

/** A definition may stand below a group of Kubernetes (`gateway.networking.k8s.io`); then it is custom. */
const isBuiltIn = ({ group }: Kind) =>
  !group.includes('.') || /^[a-z]+(\.(authorization|apiserver))?\.k8s\.io$/.test(group)

/** Every kind that can be listed, in groups; what no group names stands at the end. */
export function groupKinds<K extends Kind>(kinds: readonly K[]): readonly KindGroup<K>[] {
  const left = new Map(
    kinds
      .filter((it) => it.verbs.includes('list') && it.verbs.includes('watch'))
      .map((it) => [nameOf(it), it]),
  )
  for (const name of doubled) left.delete(name)
  const take = (name: string) => {
    const kind = left.get(name)
    left.delete(name)
    return kind ? [kind] : []
  }
  const known = Object.entries(groups).map(([id, names]): KindGroup<K> => ({
    id: id as keyof typeof groups,
    kinds: names.flatMap(take),
  }))
  const rest = [...left.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1))
  const system = rest.filter(isBuiltIn)
  const apiGroups = [...new Set(rest.filter((it) => !isBuiltIn(it)).map((it) => it.group))].sort()
  const custom = apiGroups.map((apiGroup): KindGroup<K> => ({
    id: 'custom',
    apiGroup,
    kinds: rest.filter((it) => it.group === apiGroup),
  }))
  return [...known, { id: 'system' as const, kinds: system }, ...custom].filter(
    (it) => it.kinds.length > 0,
  )
}

/** `NetworkPolicy` and `networkpolicies` make `Network Policies`. */
export function pluralTitle({ kind, resource }: Pick<Kind, 'kind' | 'resource'>): string {
  let same = 0
  while (same < kind.length && kind[same]?.toLowerCase() === resource[same]) same += 1
  return spaced(kind.slice(0, same) + resource.slice(same))
}

const spaced = (text: string) =>
  text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
