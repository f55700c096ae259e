import { ListReader } from './list-reader.ts'
import type { Model } from './model.ts'
import { modelOf } from './models.ts'
import type { Kind, Projection } from './projection.ts'
import { tableProjection } from './table-projection.ts'
import { WatchReader } from './watch-reader.ts'

export { ReadFailure } from './failure.ts'
export { readStatus } from './status-reader.ts'
export type { Item, ItemReader, ProjectedRow, Projection } from './projection.ts'

const protobuf = 'application/vnd.kubernetes.protobuf'

/** Built-in kinds are read from protobuf by a model of ours, everything else as the cluster prints it. */
export function projectionOf(kind: Kind): Projection {
  const model = modelOf(kind)
  return model ? protobufProjection(model) : tableProjection()
}

const protobufProjection = (model: Model): Projection => ({
  columns: model.columns,
  sums: model.sums,
  accept: protobuf,
  acceptWatch: `${protobuf};stream=watch`,
  listReader: () => new ListReader(model),
  watchReader: () => new WatchReader(model),
})
