import { Capability, type Preset, type Scope, type ScopeRule } from '../contract/grants.ts'

type Meaning = Pick<Scope, 'rules' | 'capabilities'>

const reading: ScopeRule = { verbs: ['get', 'list', 'watch'] }

/** What runs, and what it needs to run: neither Secrets, nor accounts and rights, nor whole namespaces. */
const workloads: ScopeRule = {
  resources: [
    'pods',
    'pods/eviction',
    'replicationcontrollers',
    'replicationcontrollers/scale',
    'services',
    'configmaps',
    'persistentvolumeclaims',
    'deployments.apps',
    'deployments.apps/scale',
    'statefulsets.apps',
    'statefulsets.apps/scale',
    'daemonsets.apps',
    'replicasets.apps',
    'replicasets.apps/scale',
    'jobs.batch',
    'cronjobs.batch',
    'horizontalpodautoscalers.autoscaling',
    'ingresses.networking.k8s.io',
    'poddisruptionbudgets.policy',
  ],
}

/** What each preset fills in where a grant says nothing. Reading never includes Secrets: that is a capability. */
export const presets: Readonly<Record<Preset, Meaning>> = {
  viewer: { rules: [reading], capabilities: [] },
  developer: { rules: [reading, workloads], capabilities: [] },
  operator: {
    rules: [reading, workloads],
    capabilities: ['exec', 'attach', 'port-forward', 'debug'],
  },
  admin: { rules: [{}], capabilities: Capability.options },
}
