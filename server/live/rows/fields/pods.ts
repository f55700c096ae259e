import { condition, metadata } from './meta.ts'
import type { Fields, Shape } from './table.ts'

const terminated = {
  exitCode: [1, 'int'],
  signal: [2, 'int'],
  reason: [3, 'string'],
  message: [4, 'string'],
  finishedAt: [6, 'time'],
} as const satisfies Fields

const containerState = {
  waiting: [1, { reason: [1, 'string'], message: [2, 'string'] }],
  running: [2, { startedAt: [1, 'time'] }],
  terminated: [3, terminated],
} as const satisfies Fields

const containerStatus = {
  name: [1, 'string'],
  state: [2, containerState],
  lastState: [3, { terminated: [3, terminated] }],
  ready: [4, 'bool'],
  restartCount: [5, 'int'],
  started: [9, 'bool'],
} as const satisfies Fields

const resources = {
  limits: [1, 'quantity', 'map', ['cpu', 'memory']],
  requests: [2, 'quantity', 'map', ['cpu', 'memory']],
} as const satisfies Fields

const container = {
  name: [1, 'string'],
  image: [2, 'string'],
  resources: [8, resources],
  restartPolicy: [24, 'string'],
} as const satisfies Fields

/** What a template of pods shows in the list of a workload. */
export const podTemplate = {
  spec: [2, { containers: [2, { name: [1, 'string'], image: [2, 'string'] }, 'list'] }],
} as const satisfies Fields

export const pod = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      containers: [2, container, 'list'],
      initContainers: [20, container, 'list'],
      nodeName: [10, 'string'],
      serviceAccountName: [8, 'string'],
      priorityClassName: [24, 'string'],
      overhead: [32, 'quantity', 'map', ['cpu', 'memory']],
      resources: [40, resources],
      readinessGates: [28, { conditionType: [1, 'string'] }, 'list'],
    },
  ],
  status: [
    3,
    {
      phase: [1, 'string'],
      conditions: [2, condition, 'list'],
      message: [3, 'string'],
      reason: [4, 'string'],
      hostIP: [5, 'string'],
      podIP: [6, 'string'],
      startTime: [7, 'time'],
      containerStatuses: [8, containerStatus, 'list'],
      qosClass: [9, 'string'],
      initContainerStatuses: [10, containerStatus, 'list'],
      nominatedNodeName: [11, 'string'],
    },
  ],
} as const satisfies Fields

export type Pod = Shape<typeof pod>
export type ContainerStatus = Shape<typeof containerStatus>
export type Container = Shape<typeof container>
