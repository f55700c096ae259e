import type { Column } from '../../contract/views.ts'
import { ReadFailure } from './failure.ts'
import type { ProjectedRow } from './projection.ts'
import { ending, identityOf, type Metadata } from './row.ts'
import { cellsOf, tableColumns, type TableColumns } from './table-columns.ts'

type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a server prints that cannot print: an age is all that is known of any object. */
const plain = tableColumns([{ name: 'Name' }, { name: 'Age' }])

/** What is known of the columns of one kind; its list and its watches share it. */
export class TableShape {
  #shape: TableColumns | undefined
  #definitions = ''

  get columns(): readonly Column[] {
    return this.#shape?.columns ?? []
  }

  /** Takes the columns of an answer in; tells whether they are others than before. */
  learn(table: Json): boolean {
    const shape = shapeOf(table)
    if (shape === undefined) return false
    const definitions = JSON.stringify(shape)
    if (definitions === this.#definitions) return false
    this.#shape = shape
    this.#definitions = definitions
    return true
  }

  /** The rows of a Table, or of a list of whole objects or one object where a server cannot print. */
  rows(it: Json): ProjectedRow[] {
    return entriesOf(it).map((entry) => this.#row(entry))
  }

  #row({ cells: printed, object }: Entry): ProjectedRow {
    const meta = metadataOf(object)
    if (!meta.uid || !meta.name) throw new ReadFailure('an object has no identity')
    const { cells, status } = cellsOf(this.#shape ?? plain, printed, meta)
    const shown = meta.deletionTimestamp ? ending(meta, status) : status
    if (status && shown) cells[cells.indexOf(status)] = shown
    const tone = meta.deletionTimestamp ? 'ending' : (shown?.tone ?? 'ok')
    return { ...identityOf(meta), tone, status: shown?.text ?? '', cells }
  }
}

function shapeOf(table: Json): TableColumns | undefined {
  if (table['kind'] !== 'Table') return plain
  const definitions = table['columnDefinitions']
  return Array.isArray(definitions) ? tableColumns(definitions.filter(isObject)) : undefined
}

interface Entry {
  readonly cells: readonly unknown[]
  readonly object: unknown
}

/** Rows of a Table with their objects, or bare objects. */
function entriesOf(it: Json): Entry[] {
  const { kind, rows, items } = it
  if (kind === 'Table') {
    return arrayOf(rows).map((row) => {
      if (!isObject(row)) throw new ReadFailure('a table has a row that is none')
      return { cells: arrayOf(row['cells']), object: row['object'] }
    })
  }
  if (Array.isArray(items)) return items.map((object) => ({ cells: [], object }))
  return [{ cells: [], object: it }]
}

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The metadata of an object from outside, with only what is of the right type. */
export function metadataOf(object: unknown): Metadata & { readonly annotations?: Json } {
  const sent = isObject(object) ? object['metadata'] : undefined
  if (!isObject(sent)) return {}
  const text = (key: string) => {
    const value = sent[key]
    return typeof value === 'string' ? value : undefined
  }
  const { labels, ownerReferences, finalizers, annotations } = sent
  return {
    name: text('name'),
    namespace: text('namespace'),
    uid: text('uid'),
    resourceVersion: text('resourceVersion'),
    creationTimestamp: text('creationTimestamp'),
    deletionTimestamp: text('deletionTimestamp'),
    labels: isObject(labels) ? textsOf(labels) : undefined,
    ownerReferences: arrayOf(ownerReferences).flatMap((it) =>
      isObject(it) && typeof it['uid'] === 'string'
        ? [{ uid: it['uid'], controller: it['controller'] === true }]
        : [],
    ),
    finalizers: arrayOf(finalizers).filter((it) => typeof it === 'string'),
    ...(isObject(annotations) && { annotations }),
  }
}

const textsOf = (labels: Json): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value] as const] : [],
    ),
  )
