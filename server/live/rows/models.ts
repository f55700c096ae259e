import { autoscalers } from './columns/autoscalers.ts'
import { cronJobs, jobs } from './columns/batch.ts'
import {
  configMaps,
  limitRanges,
  namespaces,
  resourceQuotas,
  secrets,
  serviceAccounts,
} from './columns/configuration.ts'
import { events } from './columns/events.ts'
import { endpointSlices, ingresses, networkPolicies, services } from './columns/networking.ts'
import { nodes } from './columns/nodes.ts'
import { disruptionBudgets, leases, newEvents, priorityClasses } from './columns/others.ts'
import { pods } from './columns/pods.ts'
import { bindings, clusterRoles, roles } from './columns/rbac.ts'
import { claims, storageClasses, volumes } from './columns/storage.ts'
import { daemonSets, deployments, replicaSets, statefulSets } from './columns/workloads.ts'
import type { Model } from './model.ts'
import type { Kind } from './projection.ts'

const models: Readonly<Record<string, Model>> = {
  '/v1/pods': pods,
  '/v1/nodes': nodes,
  '/v1/namespaces': namespaces,
  '/v1/events': events,
  '/v1/services': services,
  '/v1/configmaps': configMaps,
  '/v1/secrets': secrets,
  '/v1/serviceaccounts': serviceAccounts,
  '/v1/persistentvolumeclaims': claims,
  '/v1/persistentvolumes': volumes,
  '/v1/resourcequotas': resourceQuotas,
  '/v1/limitranges': limitRanges,
  'apps/v1/deployments': deployments,
  'apps/v1/replicasets': replicaSets,
  'apps/v1/statefulsets': statefulSets,
  'apps/v1/daemonsets': daemonSets,
  'autoscaling/v2/horizontalpodautoscalers': autoscalers,
  'batch/v1/jobs': jobs,
  'batch/v1/cronjobs': cronJobs,
  'coordination.k8s.io/v1/leases': leases,
  'discovery.k8s.io/v1/endpointslices': endpointSlices,
  'events.k8s.io/v1/events': newEvents,
  'networking.k8s.io/v1/ingresses': ingresses,
  'networking.k8s.io/v1/networkpolicies': networkPolicies,
  'policy/v1/poddisruptionbudgets': disruptionBudgets,
  'rbac.authorization.k8s.io/v1/roles': roles,
  'rbac.authorization.k8s.io/v1/rolebindings': bindings,
  'rbac.authorization.k8s.io/v1/clusterroles': clusterRoles,
  'rbac.authorization.k8s.io/v1/clusterrolebindings': bindings,
  'scheduling.k8s.io/v1/priorityclasses': priorityClasses,
  'storage.k8s.io/v1/storageclasses': storageClasses,
}

/** The kinds that are read from protobuf; the cluster prints all others. */
export function modelOf({ group, version, resource }: Kind): Model | undefined {
  const id = `${group}/${version}/${resource}`
  return Object.hasOwn(models, id) ? models[id] : undefined
}

/** Every kind that has a model. */
export const modelledKinds: readonly Kind[] = Object.keys(models).map((id) => {
  const [group = '', version = '', resource = ''] = id.split('/')
  return { group, version, resource }
})
