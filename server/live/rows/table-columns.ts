import type { Tone } from '../../contract/place.ts'
import type { Cell, Column, ColumnType, StatusCell } from '../../contract/views.ts'
import { ReadFailure } from './failure.ts'
import { instantOf } from './instant.ts'
import type { Metadata } from './row.ts'

/** metav1.TableColumnDefinition, as far as it is used. */
export interface Definition {
  readonly name?: unknown
  readonly type?: unknown
  readonly format?: unknown
  readonly priority?: unknown
}

/** How the cluster’s cells of one kind become ours. */
export interface TableColumns {
  readonly columns: readonly Column[]
  /** Of each column its place among the cluster’s cells; the age has none, it is taken from the object. */
  readonly places: readonly (number | 'age')[]
  /** Which column is the status; -1 where there is none. */
  readonly status: number
}

/** Columns beyond these are no table for people. */
const mostColumns = 100

export function tableColumns(definitions: readonly Definition[]): TableColumns {
  const columns: Column[] = []
  const places: (number | 'age')[] = []
  for (const [place, definition] of definitions.slice(0, mostColumns).entries()) {
    const name = textOf(definition.name).slice(0, 100)
    // Namespace and name stand in every row already.
    if (definition.format === 'name' && place === 0) continue
    if (place === 0 && name.toLowerCase() === 'name') continue
    // A printed age grows old; ours is a time.
    const isAge = name.toLowerCase() === 'age'
    columns.push({
      id: isAge ? 'age' : idFor(name, columns),
      title: name,
      type: isAge ? 'age' : typeOf(definition),
      ...(Number(definition.priority) > 0 && { extra: true }),
    })
    places.push(isAge ? 'age' : place)
  }
  const status = statusPlace(columns)
  const chosen = columns[status]
  if (chosen) columns[status] = { ...chosen, type: 'status' }
  return { columns, places, status }
}

const typeOf = ({ type }: Definition): ColumnType =>
  type === 'integer' || type === 'number' ? 'number' : 'text'

function idFor(name: string, before: readonly Column[]): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
  // `name` and `namespace` are what a view sorts rows by; cells never are called so.
  const isTaken = (id: string) =>
    id === '' || id === 'name' || id === 'namespace' || before.some((it) => it.id === id)
  let id = slug
  for (let number = 2; isTaken(id); number++) id = `${slug || 'column'}-${number}`
  return id
}

/** Custom resources say how they are in one of these, most telling first. */
const statusTitles = ['status', 'phase', 'state', 'ready', 'health', 'available', 'synced']

function statusPlace(columns: readonly Column[]): number {
  for (const title of statusTitles) {
    const place = columns.findIndex((it) => it.type === 'text' && it.title.toLowerCase() === title)
    if (place >= 0) return place
  }
  return -1
}

/** The cells of one of the cluster’s rows, and its status where it tells one. */
export function cellsOf(
  { columns, places, status }: TableColumns,
  printed: readonly unknown[],
  meta: Metadata,
): { cells: Cell[]; status: StatusCell | undefined } {
  const cells = places.map((place, index): Cell => {
    if (place === 'age') return instantOf(meta.creationTimestamp) ?? null
    return cellOf(printed[place], columns[index]?.type)
  })
  const word = cells[status]
  if (typeof word !== 'string' || word === '') return { cells, status: undefined }
  const cell: StatusCell = { text: word, tone: toneOf(word, columns[status]?.title ?? '') }
  cells[status] = cell
  return { cells, status: cell }
}

function cellOf(value: unknown, type: ColumnType | undefined): Cell {
  if (typeof value === 'number' && type === 'number') return value
  if (value === null || value === undefined || value === '<none>') return null
  if (type === 'number') return Number.isFinite(Number(value)) ? Number(value) : null
  return cut(typeof value === 'string' ? value : jsonOf(value))
}

const longestCell = 2000

/** Copied where it is cut: a part of a string holds on to the whole of it. */
const cut = (text: string) =>
  text.length > longestCell ? Buffer.from(text.slice(0, longestCell)).toString() : text

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    // Nested deeper than the stack is.
    throw new ReadFailure('a cell cannot be shown', { cause })
  }
}

const good =
  /^(true|ready|active|bound|available|healthy|running|established|approved|issued|ok|synced|up|enabled|deployed|success)$/i
const bad =
  /fail|error|invalid|degraded|unhealthy|denied|lost|crash|stalled|expired|outofsync|missing/i
const over = /^(complete|completed|succeeded|finished|done|suspended|disabled)$/i
const leaving = /^(terminating|deleting)$/i

/** Words that nobody has defined: what is clearly good or bad is shown so, and the rest is on its way. */
function toneOf(word: string, title: string): Tone {
  // A count (`1/1`) or a name says nothing about how something is.
  const [, some, all] = /^(\d+)\/(\d+)$/.exec(word) ?? []
  if (some !== undefined) return Number(some) >= Number(all) ? 'ok' : 'progress'
  if (leaving.test(word)) return 'ending'
  if (good.test(word)) return 'ok'
  if (over.test(word)) return 'done'
  if (bad.test(word)) return 'failed'
  if (/^false$/i.test(word)) return title.toLowerCase() === 'ready' ? 'failed' : 'warning'
  return /^unknown$/i.test(word) ? 'warning' : 'progress'
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
