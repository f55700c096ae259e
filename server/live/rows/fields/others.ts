import { condition, labelSelector, metadata, objectReference } from './meta.ts'
import type { Fields, Shape } from './table.ts'

/** Of policy/v1. */
export const disruptionBudget = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      minAvailable: [1, 'intOrString'],
      selector: [2, labelSelector],
      maxUnavailable: [3, 'intOrString'],
    },
  ],
  status: [
    3,
    {
      disruptionsAllowed: [3, 'int'],
      currentHealthy: [4, 'int'],
      desiredHealthy: [5, 'int'],
      expectedPods: [6, 'int'],
      conditions: [7, condition, 'list'],
    },
  ],
} as const satisfies Fields
export type DisruptionBudget = Shape<typeof disruptionBudget>

/** Of coordination.k8s.io/v1. */
export const lease = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      holderIdentity: [1, 'string'],
      leaseDurationSeconds: [2, 'int'],
      acquireTime: [3, 'time'],
      renewTime: [4, 'time'],
      leaseTransitions: [5, 'int'],
    },
  ],
} as const satisfies Fields
export type Lease = Shape<typeof lease>

/** Of scheduling.k8s.io/v1. */
export const priorityClass = {
  metadata: [1, metadata],
  value: [2, 'int'],
  globalDefault: [3, 'bool'],
  description: [4, 'string'],
  preemptionPolicy: [5, 'string'],
} as const satisfies Fields
export type PriorityClass = Shape<typeof priorityClass>

/** Of events.k8s.io/v1: what `events` of the core group are under other names. */
export const newEvent = {
  metadata: [1, metadata],
  eventTime: [2, 'time'],
  series: [3, { count: [1, 'int'], lastObservedTime: [2, 'time'] }],
  reportingController: [4, 'string'],
  reason: [7, 'string'],
  regarding: [8, objectReference],
  note: [10, 'string'],
  type: [11, 'string'],
  deprecatedSource: [12, { component: [1, 'string'] }],
  deprecatedFirstTimestamp: [13, 'time'],
  deprecatedLastTimestamp: [14, 'time'],
  deprecatedCount: [15, 'int'],
} as const satisfies Fields
export type NewEvent = Shape<typeof newEvent>
