import { labelSelector, metadata } from './meta.ts'
import type { Fields, Shape } from './table.ts'

/** Rules are counted only. */
export const role = {
  metadata: [1, metadata],
  rules: [2, {}, 'list'],
} as const satisfies Fields

export const clusterRole = {
  ...role,
  aggregationRule: [3, { clusterRoleSelectors: [1, labelSelector, 'list'] }],
} as const satisfies Fields
export type ClusterRole = Shape<typeof clusterRole>

export const binding = {
  metadata: [1, metadata],
  subjects: [2, { kind: [1, 'string'], name: [3, 'string'], namespace: [4, 'string'] }, 'list'],
  roleRef: [3, { kind: [2, 'string'], name: [3, 'string'] }],
} as const satisfies Fields
export type Binding = Shape<typeof binding>
