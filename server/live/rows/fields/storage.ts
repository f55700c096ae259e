import { condition, metadata, objectReference } from './meta.ts'
import type { Fields, Shape } from './table.ts'

/** Of the core group, as are volumes. */
export const claim = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      accessModes: [1, 'string', 'list'],
      resources: [2, { requests: [2, 'quantity', 'map', ['storage']] }],
      volumeName: [3, 'string'],
      storageClassName: [5, 'string'],
      volumeMode: [6, 'string'],
    },
  ],
  status: [
    3,
    {
      phase: [1, 'string'],
      accessModes: [2, 'string', 'list'],
      capacity: [3, 'quantity', 'map', ['storage']],
      conditions: [4, condition, 'list'],
    },
  ],
} as const satisfies Fields
export type Claim = Shape<typeof claim>

export const volume = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      capacity: [1, 'quantity', 'map', ['storage']],
      accessModes: [3, 'string', 'list'],
      claimRef: [4, objectReference],
      persistentVolumeReclaimPolicy: [5, 'string'],
      storageClassName: [6, 'string'],
      volumeMode: [8, 'string'],
    },
  ],
  status: [3, { phase: [1, 'string'], message: [2, 'string'], reason: [3, 'string'] }],
} as const satisfies Fields
export type Volume = Shape<typeof volume>

const defaultClass = 'storageclass.kubernetes.io/is-default-class'

/** Of storage.k8s.io/v1. */
export const storageClass = {
  metadata: [1, { ...metadata, annotations: [12, 'string', 'map', [defaultClass]] }],
  provisioner: [2, 'string'],
  reclaimPolicy: [4, 'string'],
  allowVolumeExpansion: [6, 'bool'],
  volumeBindingMode: [7, 'string'],
} as const satisfies Fields
export type StorageClass = Shape<typeof storageClass>

export const isDefaultClass = ({ metadata }: StorageClass) =>
  metadata?.annotations?.[defaultClass] === 'true'
