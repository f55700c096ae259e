import { condition, metadata, objectReference } from './meta.ts'
import { podTemplate } from './pods.ts'
import type { Fields, Shape } from './table.ts'

export const job = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      parallelism: [1, 'int'],
      completions: [2, 'int'],
      template: [6, podTemplate],
      backoffLimit: [7, 'int'],
      suspend: [10, 'bool'],
    },
  ],
  status: [
    3,
    {
      conditions: [1, condition, 'list'],
      startTime: [2, 'time'],
      completionTime: [3, 'time'],
      active: [4, 'int'],
      succeeded: [5, 'int'],
      failed: [6, 'int'],
      ready: [9, 'int'],
    },
  ],
} as const satisfies Fields
export type Job = Shape<typeof job>

export const cronJob = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      schedule: [1, 'string'],
      concurrencyPolicy: [3, 'string'],
      suspend: [4, 'bool'],
      timeZone: [8, 'string'],
    },
  ],
  status: [
    3,
    {
      active: [1, objectReference, 'list'],
      lastScheduleTime: [4, 'time'],
      lastSuccessfulTime: [5, 'time'],
    },
  ],
} as const satisfies Fields
export type CronJob = Shape<typeof cronJob>
