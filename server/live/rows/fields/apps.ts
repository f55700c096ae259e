import { labelSelector, metadata, shortCondition } from './meta.ts'
import { podTemplate } from './pods.ts'
import type { Fields, Shape } from './table.ts'

export const deployment = {
  metadata: [
    1,
    {
      ...metadata,
      annotations: [12, 'string', 'map', ['deployment.kubernetes.io/revision']],
    },
  ],
  spec: [
    2,
    {
      replicas: [1, 'int'],
      selector: [2, labelSelector],
      template: [3, podTemplate],
      strategy: [4, { type: [1, 'string'] }],
      paused: [7, 'bool'],
    },
  ],
  status: [
    3,
    {
      observedGeneration: [1, 'int'],
      replicas: [2, 'int'],
      updatedReplicas: [3, 'int'],
      availableReplicas: [4, 'int'],
      conditions: [6, shortCondition, 'list'],
      readyReplicas: [7, 'int'],
    },
  ],
} as const satisfies Fields
export type Deployment = Shape<typeof deployment>

export const replicaSet = {
  metadata: [
    1,
    {
      ...metadata,
      annotations: [12, 'string', 'map', ['deployment.kubernetes.io/revision']],
    },
  ],
  spec: [2, { replicas: [1, 'int'], selector: [2, labelSelector], template: [3, podTemplate] }],
  status: [
    3,
    {
      replicas: [1, 'int'],
      observedGeneration: [3, 'int'],
      readyReplicas: [4, 'int'],
      availableReplicas: [5, 'int'],
      conditions: [6, shortCondition, 'list'],
    },
  ],
} as const satisfies Fields
export type ReplicaSet = Shape<typeof replicaSet>

export const statefulSet = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      replicas: [1, 'int'],
      selector: [2, labelSelector],
      template: [3, podTemplate],
      serviceName: [5, 'string'],
      updateStrategy: [7, { type: [1, 'string'] }],
    },
  ],
  status: [
    3,
    {
      observedGeneration: [1, 'int'],
      replicas: [2, 'int'],
      readyReplicas: [3, 'int'],
      currentReplicas: [4, 'int'],
      updatedReplicas: [5, 'int'],
      currentRevision: [6, 'string'],
      updateRevision: [7, 'string'],
      conditions: [10, shortCondition, 'list'],
      availableReplicas: [11, 'int'],
    },
  ],
} as const satisfies Fields
export type StatefulSet = Shape<typeof statefulSet>

export const daemonSet = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      selector: [1, labelSelector],
      template: [
        2,
        {
          spec: [
            2,
            {
              containers: podTemplate.spec[1].containers,
              nodeSelector: [7, 'string', 'map'],
            },
          ],
        },
      ],
      updateStrategy: [3, { type: [1, 'string'] }],
    },
  ],
  status: [
    3,
    {
      currentNumberScheduled: [1, 'int'],
      numberMisscheduled: [2, 'int'],
      desiredNumberScheduled: [3, 'int'],
      numberReady: [4, 'int'],
      observedGeneration: [5, 'int'],
      updatedNumberScheduled: [6, 'int'],
      numberAvailable: [7, 'int'],
      conditions: [10, shortCondition, 'list'],
    },
  ],
} as const satisfies Fields
export type DaemonSet = Shape<typeof daemonSet>
