import type { Fields } from './table.ts'

const owner = {
  apiVersion: [5, 'string'],
  kind: [1, 'string'],
  name: [3, 'string'],
  uid: [4, 'string'],
  controller: [6, 'bool'],
} as const satisfies Fields

/** metav1.ObjectMeta without managedFields and annotations, which are most of its bytes. */
export const metadata = {
  name: [1, 'string'],
  namespace: [3, 'string'],
  uid: [5, 'string'],
  resourceVersion: [6, 'string'],
  generation: [7, 'int'],
  creationTimestamp: [8, 'time'],
  deletionTimestamp: [9, 'time'],
  labels: [11, 'string', 'map'],
  ownerReferences: [13, owner, 'list'],
  finalizers: [14, 'string', 'list'],
} as const satisfies Fields

export const listMeta = {
  resourceVersion: [2, 'string'],
  continue: [3, 'string'],
} as const satisfies Fields

/** What a BOOKMARK carries: an object of the kind with nothing but a version. */
export const bookmark = {
  metadata: [
    1,
    {
      resourceVersion: [6, 'string'],
      annotations: [12, 'string', 'map', ['k8s.io/initial-events-end']],
    },
  ],
} as const satisfies Fields

export const status = {
  message: [3, 'string'],
  reason: [4, 'string'],
  code: [6, 'int'],
} as const satisfies Fields

export const labelSelector = {
  matchLabels: [1, 'string', 'map'],
  matchExpressions: [
    2,
    { key: [1, 'string'], operator: [2, 'string'], values: [3, 'string', 'list'] },
    'list',
  ],
} as const satisfies Fields

/** metav1.Condition and most of its older relatives. */
export const condition = {
  type: [1, 'string'],
  status: [2, 'string'],
  reason: [5, 'string'],
  message: [6, 'string'],
} as const satisfies Fields

/** The conditions of apps and autoscaling, one number lower. */
export const shortCondition = {
  type: [1, 'string'],
  status: [2, 'string'],
  reason: [4, 'string'],
  message: [5, 'string'],
} as const satisfies Fields

export const objectReference = {
  kind: [1, 'string'],
  namespace: [2, 'string'],
  name: [3, 'string'],
  uid: [4, 'string'],
} as const satisfies Fields
