import { projectionOf, type Item, type Projection } from '../../server/live/rows/index.ts'
import type { Kind, ProjectedRow } from '../../server/live/rows/projection.ts'
import { clusterBytes } from './cluster-bytes.ts'
import type { ClusterHandle } from './cluster/client.ts'

export const pathOf = ({ group, version, resource }: Kind, namespace?: string) =>
  `/${group === '' ? 'api' : `apis/${group}`}/${version}/${namespace ? `namespaces/${namespace}/` : ''}${resource}`

export const rowsIn = (items: readonly Item[]): ProjectedRow[] =>
  items.flatMap((it) => ('row' in it ? [it.row] : []))

/** What a list of a whole kind says. */
export async function listed(
  handle: ClusterHandle,
  kind: Kind,
  projection: Projection = projectionOf(kind),
): Promise<Item[]> {
  const reader = projection.listReader()
  const items: Item[] = []
  for await (const chunk of clusterBytes(handle, pathOf(kind), projection.accept))
    items.push(...reader.push(chunk))
  return [...items, ...reader.end()]
}

export interface WatchOptions {
  readonly projection?: Projection
  /** Where it begins; absent: with everything that is there. */
  readonly version?: string
  /** The last item that is waited for. */
  readonly until?: (item: Item) => boolean
}

const all = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan'

/** What a watch of a whole kind says, to the end of what was there at its start. */
export async function watched(
  handle: ClusterHandle,
  kind: Kind,
  { projection = projectionOf(kind), version, until = isInitialEnd }: WatchOptions = {},
): Promise<Item[]> {
  const reader = projection.watchReader()
  const items: Item[] = []
  const from = version === undefined ? all : `resourceVersion=${version}`
  const path = `${pathOf(kind)}?watch=true&allowWatchBookmarks=true&timeoutSeconds=20&${from}`
  for await (const chunk of clusterBytes(handle, path, projection.acceptWatch)) {
    items.push(...reader.push(chunk))
    if (items.some(until)) return items
  }
  throw new Error('the watch ended before what was waited for')
}

const isInitialEnd = (item: Item) => item.type === 'bookmark' && item.initialEnd
