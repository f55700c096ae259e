import { metadata, shortCondition } from './meta.ts'
import type { Fields, Shape } from './table.ts'

const target = {
  value: [2, 'quantity'],
  averageValue: [3, 'quantity'],
  averageUtilization: [4, 'int'],
} as const satisfies Fields

const current = {
  value: [1, 'quantity'],
  averageValue: [2, 'quantity'],
  averageUtilization: [3, 'int'],
} as const satisfies Fields

/** Of autoscaling/v2. */
export const autoscaler = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      scaleTargetRef: [1, { kind: [1, 'string'], name: [2, 'string'], apiVersion: [3, 'string'] }],
      minReplicas: [2, 'int'],
      maxReplicas: [3, 'int'],
      metrics: [
        4,
        { type: [1, 'string'], resource: [4, { name: [1, 'string'], target: [2, target] }] },
        'list',
      ],
    },
  ],
  status: [
    3,
    {
      lastScaleTime: [2, 'time'],
      currentReplicas: [3, 'int'],
      desiredReplicas: [4, 'int'],
      currentMetrics: [
        5,
        { type: [1, 'string'], resource: [4, { name: [1, 'string'], current: [2, current] }] },
        'list',
      ],
      conditions: [6, shortCondition, 'list'],
    },
  ],
} as const satisfies Fields
export type Autoscaler = Shape<typeof autoscaler>
