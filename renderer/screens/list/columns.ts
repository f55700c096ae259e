import type { Column, ColumnType } from '#gateway/views.ts'
import type { ColumnPrefs } from '../../app/prefs.ts'
import type { GridColumn } from '../../components/grid/column.ts'

/** A column that can be chosen, whether it is shown now or not. */
export interface ListColumn extends GridColumn {
  readonly type:
    ColumnType | 'name' | 'cluster' | 'namespace' | 'labels' | 'cpuUsage' | 'memoryUsage'
  readonly shown: boolean
  /** Where its value stands among a row’s cells; absent for what the row itself tells. */
  readonly cell?: number
}

const widths: Readonly<Record<ListColumn['type'], number>> = {
  name: 220,
  cluster: 150,
  namespace: 92,
  labels: 240,
  text: 120,
  number: 76,
  age: 64,
  status: 156,
  bricks: 92,
  bytes: 84,
  cpu: 76,
  cpuUsage: 62,
  memoryUsage: 70,
}
/** What the gateway’s engine knows nothing of, or has no order for. */
const unsorted = new Set<ListColumn['type']>(['cluster', 'labels', 'cpuUsage', 'memoryUsage'])
const growth: Readonly<Partial<Record<ListColumn['type'], number>>> = {
  name: 5,
  cluster: 2,
  namespace: 2,
  labels: 3,
  text: 2,
  status: 2,
}
const rightAligned = new Set<ListColumn['type']>(['number', 'age', 'bytes', 'cpu'])

interface Titled {
  readonly id: string
  readonly title: string
  readonly type: ListColumn['type']
  readonly extra?: boolean
}

interface Context {
  readonly severalClusters: boolean
  readonly namespaced: boolean
  /** Then a column of it would say the same in every row. */
  readonly oneNamespace: boolean
  /** What a metrics server can tell of this kind. */
  readonly measured: boolean
  readonly titles: Readonly<
    Record<'name' | 'cluster' | 'namespace' | 'labels' | 'cpuUsage' | 'memoryUsage', string>
  >
  readonly prefs: ColumnPrefs | undefined
}

/** Name first, then where it is, then what its kind tells. */
export function listColumns(columns: readonly Column[], context: Context): readonly ListColumn[] {
  const { severalClusters, namespaced, oneNamespace, measured, titles, prefs } = context
  const hasMessage = columns.some((it) => it.id === message)
  const make = (it: Titled, cell?: number): ListColumn => {
    const { width, grows } = roomOf(it, hasMessage)
    return {
      id: it.id,
      title: it.title,
      type: it.type,
      width: prefs?.widths[it.id] ?? width,
      shown: it.id === 'name' || (prefs?.shown[it.id] ?? !it.extra),
      sortable: !unsorted.has(it.type),
      ...(rightAligned.has(it.type) && { align: 'right' as const }),
      ...(grows !== undefined && { grows }),
      ...(cell !== undefined && { cell }),
    }
  }
  const own = columns.map((it, index) => make(plain(it), index))
  // Some kinds have a column of this name of their own.
  if (!own.some((it) => it.id === 'labels'))
    own.push(make({ id: 'labels', title: titles.labels, type: 'labels', extra: true }))
  const age = own.findLastIndex((it) => it.type === 'age' && it.shown)
  const at = age < 0 ? own.length : age
  const usage = measured
    ? [
        make({ id: 'cpuUsage', title: titles.cpuUsage, type: 'cpuUsage' }),
        make({ id: 'memoryUsage', title: titles.memoryUsage, type: 'memoryUsage' }),
      ]
    : []
  return [
    make({ id: 'name', title: titles.name, type: 'name' }),
    ...(severalClusters ? [make({ id: 'cluster', title: titles.cluster, type: 'cluster' })] : []),
    ...(namespaced
      ? [
          make({
            id: 'namespace',
            title: titles.namespace,
            type: 'namespace',
            extra: oneNamespace,
          }),
        ]
      : []),
    ...own.slice(0, at),
    ...usage,
    ...own.slice(at),
  ]
}

const plain = ({ id, title, type, extra }: Column) => ({
  id,
  title,
  type,
  ...(extra !== undefined && { extra }),
})

/** What a row is read for, where there is one; its name is of little worth then. */
const message = 'message'

/** Texts of which all are short, and those that are not. */
const known: Readonly<Record<string, number>> = {
  ready: 66,
  ip: 108,
  version: 110,
  node: 98,
  reason: 132,
  object: 176,
  [message]: 250,
  lastSeen: 100,
}

/** How wide it is at least, and its part of what is left. */
function roomOf(it: Titled, hasMessage: boolean) {
  if (it.id === 'name' && hasMessage) return { width: 130, grows: 1 }
  return { width: widthOf(it), grows: it.id === message ? 8 : growth[it.type] }
}

/** A title must be readable without being dragged wider. */
const widthOf = ({ type, id, title }: Titled) =>
  Math.max(known[id] ?? widths[type], Math.min(180, title.length * 7 + 24))
