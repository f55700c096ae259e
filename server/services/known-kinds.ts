import type { NamedKind } from './seeker.ts'

const kind = (group: string, version: string, resource: string, kind: string): NamedKind => ({
  group,
  version,
  resource,
  kind,
})

const rbac = 'rbac.authorization.k8s.io'

/** Kinds whose relations are known without asking what a cluster serves. */
export const known = {
  pods: kind('', 'v1', 'pods', 'Pod'),
  nodes: kind('', 'v1', 'nodes', 'Node'),
  services: kind('', 'v1', 'services', 'Service'),
  configmaps: kind('', 'v1', 'configmaps', 'ConfigMap'),
  secrets: kind('', 'v1', 'secrets', 'Secret'),
  serviceaccounts: kind('', 'v1', 'serviceaccounts', 'ServiceAccount'),
  persistentvolumeclaims: kind('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  persistentvolumes: kind('', 'v1', 'persistentvolumes', 'PersistentVolume'),
  replicationcontrollers: kind('', 'v1', 'replicationcontrollers', 'ReplicationController'),
  deployments: kind('apps', 'v1', 'deployments', 'Deployment'),
  replicasets: kind('apps', 'v1', 'replicasets', 'ReplicaSet'),
  statefulsets: kind('apps', 'v1', 'statefulsets', 'StatefulSet'),
  daemonsets: kind('apps', 'v1', 'daemonsets', 'DaemonSet'),
  jobs: kind('batch', 'v1', 'jobs', 'Job'),
  cronjobs: kind('batch', 'v1', 'cronjobs', 'CronJob'),
  autoscalers: kind('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
  ingresses: kind('networking.k8s.io', 'v1', 'ingresses', 'Ingress'),
  ingressclasses: kind('networking.k8s.io', 'v1', 'ingressclasses', 'IngressClass'),
  networkpolicies: kind('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'),
  endpointslices: kind('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice'),
  budgets: kind('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  roles: kind(rbac, 'v1', 'roles', 'Role'),
  clusterroles: kind(rbac, 'v1', 'clusterroles', 'ClusterRole'),
  rolebindings: kind(rbac, 'v1', 'rolebindings', 'RoleBinding'),
  clusterrolebindings: kind(rbac, 'v1', 'clusterrolebindings', 'ClusterRoleBinding'),
  storageclasses: kind('storage.k8s.io', 'v1', 'storageclasses', 'StorageClass'),
  priorityclasses: kind('scheduling.k8s.io', 'v1', 'priorityclasses', 'PriorityClass'),
} as const

/** A kind by what an owner reference says of it, where no discovery is needed. */
export const knownAs = (apiVersion: string, name: string): NamedKind | undefined =>
  Object.values(known).find(
    (it) => it.kind === name && `${it.group}${it.group && '/'}${it.version}` === apiVersion,
  )
