import type { Tone } from '../../../contract/place.ts'
import type { StatusCell } from '../../../contract/views.ts'
import {
  claim,
  isDefaultClass,
  storageClass,
  volume,
  type Claim,
  type StorageClass,
  type Volume,
} from '../fields/storage.ts'
import { column, extra, model, statusColumn } from '../model.ts'
import { bytesOf } from '../quantity.ts'
import { age } from './shared.ts'
import { conditionOf, isTrue, said, sayingOf } from './tones.ts'

/** What a claim goes through besides its phase. */
const changing = ['FileSystemResizePending', 'Resizing', 'ModifyingVolume']

function claimStatus({ status }: Claim): StatusCell {
  switch (status?.phase) {
    case 'Bound': {
      const under = changing.map((it) => conditionOf(status.conditions, it)).find(isTrue)
      return under
        ? said('Bound', 'progress', sayingOf(under) || (under.type ?? ''))
        : said('Bound', 'ok')
    }
    case 'Lost':
      return said('Lost', 'failed', 'Its volume is gone, and what was in it')
    default:
      return said(status?.phase || 'Pending', 'progress')
  }
}

export const claims = model(claim, {
  status: claimStatus,
  columns: [
    statusColumn(),
    column('volume', 'Volume', 'text', (it: Claim) => it.spec?.volumeName || undefined),
    column('capacity', 'Capacity', 'bytes', (it: Claim) =>
      bytesOf(it.status?.capacity?.['storage']),
    ),
    column('accessModes', 'Access', 'text', (it: Claim) =>
      modesOf(it.status?.accessModes ?? it.spec?.accessModes),
    ),
    column('class', 'Class', 'text', (it: Claim) => it.spec?.storageClassName || undefined),
    age,
    extra('requested', 'Wanted', 'bytes', (it: Claim) =>
      bytesOf(it.spec?.resources?.requests?.['storage']),
    ),
    extra('mode', 'Mode', 'text', (it: Claim) => it.spec?.volumeMode),
  ],
  sums: {
    capacity: (it) => bytesOf(it.status?.capacity?.['storage']),
    requested: (it) => bytesOf(it.spec?.resources?.requests?.['storage']),
  },
})

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

const modesOf = (modes: readonly string[] | null | undefined) =>
  modes?.map((it) => shortModes[it] ?? it).join(',') || undefined

const volumeTones: Readonly<Record<string, Tone>> = {
  Available: 'ok',
  Bound: 'ok',
  Released: 'warning',
  Failed: 'failed',
}

const volumeReasons: Readonly<Record<string, string>> = {
  Released: 'Its claim is gone; what is in it was kept',
}

function volumeStatus({ status }: Volume): StatusCell {
  const phase = status?.phase || 'Pending'
  const reason = status?.message || status?.reason || volumeReasons[phase]
  return said(phase, volumeTones[phase] ?? 'progress', reason)
}

export const volumes = model(volume, {
  status: volumeStatus,
  columns: [
    statusColumn(),
    column('capacity', 'Capacity', 'bytes', (it: Volume) =>
      bytesOf(it.spec?.capacity?.['storage']),
    ),
    column('accessModes', 'Access', 'text', (it: Volume) => modesOf(it.spec?.accessModes)),
    column('reclaim', 'Afterwards', 'text', (it: Volume) => it.spec?.persistentVolumeReclaimPolicy),
    column('claim', 'Claim', 'text', ({ spec }: Volume) =>
      spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : undefined,
    ),
    column('class', 'Class', 'text', (it: Volume) => it.spec?.storageClassName || undefined),
    age,
    extra('mode', 'Mode', 'text', (it: Volume) => it.spec?.volumeMode),
  ],
  sums: { capacity: (it) => bytesOf(it.spec?.capacity?.['storage']) },
})

export const storageClasses = model(storageClass, {
  columns: [
    column('provisioner', 'Provisioner', 'text', (it: StorageClass) => it.provisioner),
    column('default', 'Default', 'text', (it: StorageClass) => (isDefaultClass(it) ? 'yes' : 'no')),
    column('reclaim', 'Afterwards', 'text', (it: StorageClass) => it.reclaimPolicy),
    column('binding', 'Binding', 'text', (it: StorageClass) => it.volumeBindingMode),
    column('expansion', 'May grow', 'text', (it: StorageClass) =>
      it.allowVolumeExpansion ? 'yes' : 'no',
    ),
    age,
  ],
})
