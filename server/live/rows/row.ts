import type { Tone } from '../../contract/place.ts'
import type { StatusCell } from '../../contract/views.ts'
import type { metadata } from './fields/meta.ts'
import type { Shape } from './fields/table.ts'
import { ReadFailure } from './failure.ts'
import type { Model } from './model.ts'
import type { ProjectedRow } from './projection.ts'

export type Metadata = Shape<typeof metadata>

/** The row of an object in the shape of its JSON, however it travelled. */
export function rowOf(model: Model, object: object): ProjectedRow {
  const { metadata: meta } = object as { readonly metadata?: Metadata }
  if (!meta?.uid || !meta.name) throw new ReadFailure('an object has no identity')
  const { status, cells, sums } = model.project(object)
  const shown = meta.deletionTimestamp ? ending(meta, status) : status
  const at = status === undefined ? -1 : cells.indexOf(status)
  if (at >= 0 && shown !== undefined) cells[at] = shown
  return {
    ...identityOf(meta),
    tone: toneOf(meta, shown),
    status: shown?.text ?? '',
    cells,
    ...(sums.length > 0 && { sums }),
  }
}

/** What a row knows of any object. */
export const identityOf = (meta: Metadata) => ({
  uid: meta.uid ?? '',
  namespace: meta.namespace || undefined,
  name: meta.name ?? '',
  version: meta.resourceVersion ?? '',
  labels: meta.labels ?? undefined,
  owner: meta.ownerReferences?.find((it) => it.controller)?.uid,
})

const toneOf = (meta: Metadata, status: StatusCell | undefined): Tone =>
  status?.tone ?? (meta.deletionTimestamp ? 'ending' : 'ok')

/** Something that is being deleted is that before all else; a pod has said so itself. */
export function ending(meta: Metadata, status: StatusCell | undefined): StatusCell | undefined {
  if (status === undefined || status.tone === 'ending') return status
  const held = meta.finalizers ?? []
  return {
    text: 'Terminating',
    tone: 'ending',
    ...(held.length > 0 && { reason: `Held by ${held.join(', ')}` }),
  }
}
