import {
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  type DaemonSet,
  type Deployment,
  type ReplicaSet,
  type StatefulSet,
} from '../fields/apps.ts'
import { column, extra, model, statusColumn } from '../model.ts'
import { imagesOf } from './pods.ts'
import { age, pairsOf, selectorText } from './shared.ts'
import {
  daemonSetStatus,
  deploymentStatus,
  replicaSetStatus,
  statefulSetStatus,
} from './workload-status.ts'

type Workload = Deployment | ReplicaSet | StatefulSet

const readyOf = ({ spec, status }: Workload) =>
  `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`

const replicaColumns = [
  extra('desired', 'Wanted', 'number', (it: Workload) => it.spec?.replicas ?? 1),
  extra('readyReplicas', 'Ready pods', 'number', (it: Workload) => it.status?.readyReplicas ?? 0),
]

const replicaSums = {
  desired: (it: Workload) => it.spec?.replicas ?? 1,
  readyReplicas: (it: Workload) => it.status?.readyReplicas ?? 0,
}

const templateColumns = [
  extra('images', 'Images', 'text', (it: Workload | DaemonSet) =>
    imagesOf(it.spec?.template?.spec?.containers),
  ),
  extra('selector', 'Selector', 'text', (it: Workload | DaemonSet) =>
    selectorText(it.spec?.selector),
  ),
]

const revisionOf = (it: Deployment | ReplicaSet) =>
  Number(it.metadata?.annotations?.['deployment.kubernetes.io/revision']) || undefined

export const deployments = model(deployment, {
  status: deploymentStatus,
  columns: [
    column('ready', 'Ready', 'text', readyOf),
    statusColumn(),
    column('upToDate', 'Up to date', 'number', (it: Deployment) => it.status?.updatedReplicas ?? 0),
    column(
      'available',
      'Available',
      'number',
      (it: Deployment) => it.status?.availableReplicas ?? 0,
    ),
    age,
    ...replicaColumns,
    ...templateColumns,
    extra('strategy', 'Strategy', 'text', (it: Deployment) => it.spec?.strategy?.type),
    extra('revision', 'Revision', 'number', revisionOf),
  ],
  sums: replicaSums,
})

export const replicaSets = model(replicaSet, {
  status: replicaSetStatus,
  columns: [
    column('ready', 'Ready', 'text', readyOf),
    statusColumn(),
    column('owner', 'Controlled by', 'text', (it: ReplicaSet) => {
      const owner = it.metadata?.ownerReferences?.find(({ controller }) => controller)
      return owner && `${owner.kind}/${owner.name}`
    }),
    age,
    ...replicaColumns,
    ...templateColumns,
    extra('revision', 'Revision', 'number', revisionOf),
  ],
  sums: replicaSums,
})

export const statefulSets = model(statefulSet, {
  status: statefulSetStatus,
  columns: [
    column('ready', 'Ready', 'text', readyOf),
    statusColumn(),
    column('service', 'Service', 'text', (it: StatefulSet) => it.spec?.serviceName),
    age,
    ...replicaColumns,
    ...templateColumns,
  ],
  sums: replicaSums,
})

const countOf = (key: keyof NonNullable<DaemonSet['status']>) => (it: DaemonSet) =>
  Number(it.status?.[key] ?? 0)

export const daemonSets = model(daemonSet, {
  status: daemonSetStatus,
  columns: [
    column(
      'ready',
      'Ready',
      'text',
      (it: DaemonSet) => `${it.status?.numberReady ?? 0}/${it.status?.desiredNumberScheduled ?? 0}`,
    ),
    statusColumn(),
    column('upToDate', 'Up to date', 'number', countOf('updatedNumberScheduled')),
    column('available', 'Available', 'number', countOf('numberAvailable')),
    column(
      'nodeSelector',
      'Node selector',
      'text',
      (it: DaemonSet) => pairsOf(it.spec?.template?.spec?.nodeSelector) || undefined,
    ),
    age,
    extra('desired', 'Wanted', 'number', countOf('desiredNumberScheduled')),
    extra('readyReplicas', 'Ready pods', 'number', countOf('numberReady')),
    ...templateColumns,
  ],
  sums: {
    desired: countOf('desiredNumberScheduled'),
    readyReplicas: countOf('numberReady'),
  },
})
