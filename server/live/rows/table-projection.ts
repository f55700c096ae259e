import { Chunks, largestPart } from './chunks.ts'
import { ReadFailure } from './failure.ts'
import type { Item, ItemReader, Projection } from './projection.ts'
import { isObject, metadataOf, TableShape } from './table.ts'
import { changeOf, errorOf, initialEnd } from './watch-reader.ts'

const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'

/** A page of a printed list comes as one JSON text; larger pages are not asked for. */
const largestList = 64 * 1024 * 1024

/** Kinds without a model are shown as the cluster prints them: `includeObject=Metadata` is its default. */
export function tableProjection(): Projection {
  const shape = new TableShape()
  return {
    get columns() {
      return shape.columns
    },
    sums: [],
    accept,
    acceptWatch: accept,
    listReader: () => new TableListReader(shape),
    watchReader: () => new TableWatchReader(shape),
  }
}

class TableListReader implements ItemReader {
  readonly #shape: TableShape
  readonly #chunks: Buffer[] = []
  #length = 0

  constructor(shape: TableShape) {
    this.#shape = shape
  }

  push(chunk: Uint8Array): Item[] {
    this.#length += chunk.byteLength
    if (this.#length > largestList) throw new ReadFailure('a printed list is too large')
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    return []
  }

  end(): Item[] {
    const list = parsed(Buffer.concat(this.#chunks, this.#length))
    this.#chunks.length = 0
    const kind = String(list['kind'])
    if (kind !== 'Table' && !kind.endsWith('List'))
      throw new ReadFailure('the answer is not a list')
    this.#shape.learn(list)
    const { metadata } = list
    const meta = isObject(metadata) ? metadata : {}
    return [
      { type: 'columns', columns: this.#shape.columns },
      ...this.#shape.rows(list).map((row) => ({ type: 'added' as const, row })),
      { type: 'list', version: textOf(meta['resourceVersion']), continue: nextOf(meta) },
    ]
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
const nextOf = (meta: Readonly<Record<string, unknown>>) => textOf(meta['continue']) || undefined

/** Events as JSON, one to a line. */
class TableWatchReader implements ItemReader {
  readonly #shape: TableShape
  readonly #chunks = new Chunks()

  constructor(shape: TableShape) {
    this.#shape = shape
  }

  push(chunk: Uint8Array): Item[] {
    const items: Item[] = []
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.#chunks.push(rest.subarray(0, end))
      rest = rest.subarray(end + 1)
      const line = this.#chunks.take(this.#chunks.length)
      if (line !== undefined && line.length > 0) items.push(...this.#event(parsed(line)))
    }
    this.#chunks.push(rest)
    if (this.#chunks.length > largestPart) throw new ReadFailure('an event is too large')
    return items
  }

  end(): Item[] {
    const last = this.#chunks.take(this.#chunks.length)
    return last === undefined || last.length === 0 ? [] : this.#event(parsed(last))
  }

  #event({ type, object }: Readonly<Record<string, unknown>>): Item[] {
    if (!isObject(object)) throw new ReadFailure('an event has no object')
    if (type === 'ERROR') return [statusItem(object)]
    if (type === 'BOOKMARK') return [bookmarkItem(object)]
    const change = changeOf(textOf(type))
    if (change === undefined) throw new ReadFailure('a watch has an event of an unknown type')
    const isNew = this.#shape.learn(object)
    return [
      ...(isNew ? [{ type: 'columns' as const, columns: this.#shape.columns }] : []),
      ...this.#shape.rows(object).map((row) => ({ type: change, row })),
    ]
  }
}

function statusItem(object: Readonly<Record<string, unknown>>): Item {
  const { code, message, reason } = object
  return errorOf({
    code: typeof code === 'number' ? code : 500,
    message: textOf(message),
    reason: textOf(reason),
  })
}

/** The object of a bookmark stands in the one row of a Table, or is bare. */
function bookmarkItem(object: Readonly<Record<string, unknown>>): Item {
  const { rows } = object
  const [row]: readonly unknown[] = Array.isArray(rows) ? rows : []
  const meta = metadataOf(isObject(row) ? row['object'] : object)
  const { resourceVersion: version = '', annotations } = meta
  return { type: 'bookmark', version, initialEnd: annotations?.[initialEnd] === 'true' }
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch (cause) {
    throw new ReadFailure('an answer is not whole JSON', { cause })
  }
  if (!isObject(value)) throw new ReadFailure('an answer is no object')
  return value
}
