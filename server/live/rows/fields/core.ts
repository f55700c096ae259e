import { condition, metadata, objectReference } from './meta.ts'
import type { Fields, Shape } from './table.ts'

export const node = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      podCIDR: [1, 'string'],
      unschedulable: [4, 'bool'],
      taints: [5, { key: [1, 'string'], value: [2, 'string'], effect: [3, 'string'] }, 'list'],
    },
  ],
  status: [
    3,
    {
      capacity: [1, 'quantity', 'map'],
      allocatable: [2, 'quantity', 'map'],
      conditions: [4, condition, 'list'],
      addresses: [5, { type: [1, 'string'], address: [2, 'string'] }, 'list'],
      nodeInfo: [
        7,
        {
          kernelVersion: [4, 'string'],
          osImage: [5, 'string'],
          containerRuntimeVersion: [6, 'string'],
          kubeletVersion: [7, 'string'],
          operatingSystem: [9, 'string'],
          architecture: [10, 'string'],
        },
      ],
    },
  ],
} as const satisfies Fields
export type Node = Shape<typeof node>

export const namespace = {
  metadata: [1, metadata],
  status: [3, { phase: [1, 'string'], conditions: [2, condition, 'list'] }],
} as const satisfies Fields

export const event = {
  metadata: [1, metadata],
  involvedObject: [2, objectReference],
  reason: [3, 'string'],
  message: [4, 'string'],
  source: [5, { component: [1, 'string'], host: [2, 'string'] }],
  firstTimestamp: [6, 'time'],
  lastTimestamp: [7, 'time'],
  count: [8, 'int'],
  type: [9, 'string'],
  eventTime: [10, 'time'],
  series: [11, { count: [1, 'int'], lastObservedTime: [2, 'time'] }],
  reportingComponent: [14, 'string'],
} as const satisfies Fields
export type Event = Shape<typeof event>

export const configMap = {
  metadata: [1, metadata],
  data: [2, 'string', 'keys'],
  binaryData: [3, 'string', 'keys'],
  immutable: [4, 'bool'],
} as const satisfies Fields

/** The values of a Secret are stepped over, never decoded. */
export const secret = {
  metadata: [1, metadata],
  data: [2, 'string', 'keys'],
  type: [3, 'string'],
  immutable: [5, 'bool'],
} as const satisfies Fields

export const service = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      ports: [
        1,
        {
          name: [1, 'string'],
          protocol: [2, 'string'],
          port: [3, 'int'],
          targetPort: [4, 'intOrString'],
          nodePort: [5, 'int'],
        },
        'list',
      ],
      selector: [2, 'string', 'map'],
      clusterIP: [3, 'string'],
      type: [4, 'string'],
      externalIPs: [5, 'string', 'list'],
      sessionAffinity: [7, 'string'],
      externalName: [10, 'string'],
    },
  ],
  status: [
    3,
    {
      loadBalancer: [1, { ingress: [1, { ip: [1, 'string'], hostname: [2, 'string'] }, 'list'] }],
    },
  ],
} as const satisfies Fields
export type Service = Shape<typeof service>

export const serviceAccount = {
  metadata: [1, metadata],
  secrets: [2, { name: [3, 'string'] }, 'list'],
  imagePullSecrets: [3, { name: [1, 'string'] }, 'list'],
  automountServiceAccountToken: [4, 'bool'],
} as const satisfies Fields

export const resourceQuota = {
  metadata: [1, metadata],
  status: [3, { hard: [1, 'quantity', 'map'], used: [2, 'quantity', 'map'] }],
} as const satisfies Fields
export type ResourceQuota = Shape<typeof resourceQuota>

export const limitRange = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      limits: [
        1,
        {
          type: [1, 'string'],
          max: [2, 'quantity', 'map'],
          min: [3, 'quantity', 'map'],
          default: [4, 'quantity', 'map'],
          defaultRequest: [5, 'quantity', 'map'],
        },
        'list',
      ],
    },
  ],
} as const satisfies Fields
export type LimitRange = Shape<typeof limitRange>
