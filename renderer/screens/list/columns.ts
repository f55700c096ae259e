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
  name: 190,
  cluster: 150,
  namespace: 116,
  labels: 240,
  text: 120,
  number: 76,
  age: 64,
  status: 156,
  bricks: 92,
  bytes: 84,
  cpu: 76,
  cpuUsage: 68,
  memoryUsage: 74,
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
  const make = (it: Titled, cell?: number): ListColumn => {
    const grows = growth[it.type]
    return {
      id: it.id,
      title: it.title,
      type: it.type,
      width: prefs?.widths[it.id] ?? widthOf(it),
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

/** Texts of which all are short. */
const short: Readonly<Record<string, number>> = { ready: 66, ip: 108, version: 110, node: 104 }

/** A title must be readable without being dragged wider. */
const widthOf = ({ type, id, title }: Titled) =>
  Math.max(short[id] ?? widths[type], Math.min(180, title.length * 7 + 24))
