import type { KindRef } from '../../contract/place.ts'
import type { Cell, Column, StatusCell } from '../../contract/views.ts'
import { isNamespaces } from '../asking.ts'
import type { State } from '../messages.ts'
import { projectionOf, type Item, type ProjectedRow, type Projection } from '../rows/index.ts'
import { merge } from './merge.ts'
import { naturalKey } from './natural.ts'

const mostText = 4000
let entries = 0

/** One object of a cache, with what is worked out of it once. */
export class Entry {
  readonly id = (entries += 1)
  readonly cache: Cache
  row: ProjectedRow
  /** Grows with each change. */
  stamp = 0
  /** The list that last named it. */
  list: number
  /** Its place among the names of its cache, as they were last put in order. */
  rank = 0
  /** The namespace by which rights are decided; a namespace lies in itself. */
  readonly place: string | undefined
  /** What decides between rows that are equal otherwise. */
  readonly nameKey: string
  #text: string | undefined
  #json: string | undefined

  constructor(cache: Cache, row: ProjectedRow, list: number) {
    this.cache = cache
    this.row = row
    this.list = list
    this.place = cache.isOfNamespaces ? row.name : row.namespace
    this.nameKey = `${naturalKey(row.name)}\u0000${row.namespace ?? ''}`
  }

  change(row: ProjectedRow): void {
    this.row = row
    this.stamp += 1
    this.#text = this.#json = undefined
  }

  /** What a filter searches: a line per cell, in lower case. */
  get text(): string {
    return (this.#text ??= textOf(this.row))
  }

  /** The row as it is sent, but for where it is from. */
  json(source: number): string {
    const { namespace, name, uid, version, tone, cells, labels } = this.row
    this.#json ??= JSON.stringify({ namespace, name, uid, version, tone, cells, labels }).slice(1)
    return `{"id":${this.id},"source":${source},${this.#json}`
  }
}

function textOf({ name, namespace, cells }: ProjectedRow): string {
  // No lists on the way: the first search asks this of every row.
  let text = namespace === undefined ? name : `${name}\n${namespace}`
  for (const cell of cells) {
    if (typeof cell === 'string') text += `\n${cell}`
    else if (typeof cell === 'object' && cell !== null) text += wordsOf(cell)
  }
  // Copied where it is cut: a part of a string holds on to the whole of it.
  return (
    text.length > mostText ? Buffer.from(text.slice(0, mostText)).toString() : text
  ).toLowerCase()
}

const wordsOf = ({ text, reason }: StatusCell): string =>
  reason === undefined ? `\n${text}` : `\n${text}\n${reason}`

/** Who wants to know what happens to a cache. */
export interface Follower {
  touched(entry: Entry): void
  /** More changed than is worth telling one by one. */
  upset(): void
  /** The state of the cache, not of its rows. */
  stated(): void
}

/** The rows of one feed. */
export class Cache {
  readonly feed: number
  readonly projection: Projection
  readonly isOfNamespaces: boolean
  readonly rows = new Map<string, Entry>()
  readonly followers = new Set<Follower>()
  columns: readonly Column[]
  state: State = { status: 'loading' }
  /** Roughly the bytes that its rows take. */
  weight = 0
  #list = 0
  #ordered: Entry[] = []
  #arrived: Entry[] = []
  #gapped = false

  constructor(feed: number, kind: KindRef) {
    this.feed = feed
    this.projection = projectionOf(kind)
    this.isOfNamespaces = isNamespaces(kind)
    this.columns = this.projection.columns
  }

  setState(state: State): void {
    this.state = state
    for (const it of this.followers) it.stated()
  }

  /** A list begins: what it does not name by its end is gone. */
  beginList(): void {
    this.#list += 1
  }

  endList(): void {
    for (const entry of this.rows.values()) if (entry.list !== this.#list) this.#remove(entry)
  }

  apply(item: Item): void {
    if (item.type === 'added' || item.type === 'modified') this.#put(item.row)
    else if (item.type === 'deleted') {
      const entry = this.rows.get(item.row.uid)
      if (entry) this.#remove(entry)
    } else if (item.type === 'columns') {
      this.columns = item.columns
      for (const it of this.followers) it.upset()
    }
  }

  clear(): void {
    this.rows.clear()
    this.weight = 0
    this.#ordered = []
    this.#arrived = []
    for (const it of this.followers) it.upset()
  }

  /** All rows by name; kept in order for whoever asks, so that few questions need to sort by it. */
  ordered(): readonly Entry[] {
    if (this.#gapped) {
      this.#ordered = this.#ordered.filter(this.has)
      this.#arrived = this.#arrived.filter(this.has)
      this.#gapped = false
    }
    if (this.#arrived.length === 0) return this.#ordered
    this.#ordered = merge(this.#ordered, this.#arrived.sort(byNameKey), byNameKey)
    this.#arrived = []
    for (const [rank, entry] of this.#ordered.entries()) entry.rank = rank
    return this.#ordered
  }

  has = (entry: Entry): boolean => this.rows.get(entry.row.uid) === entry

  #put(row: ProjectedRow): void {
    const known = this.rows.get(row.uid)
    if (known === undefined) {
      this.weight += weightOf(row)
      const entry = new Entry(this, row, this.#list)
      this.rows.set(row.uid, entry)
      this.#arrived.push(entry)
      this.#touch(entry)
      return
    }
    known.list = this.#list
    // A list says again what is known.
    if (known.row.version === row.version && row.version !== '') return
    this.weight += weightOf(row) - weightOf(known.row)
    known.change(row)
    this.#touch(known)
  }

  #remove(entry: Entry): void {
    this.rows.delete(entry.row.uid)
    this.weight -= weightOf(entry.row)
    this.#gapped = true
    this.#touch(entry)
  }

  #touch(entry: Entry): void {
    for (const it of this.followers) it.touched(entry)
  }
}

/** What a row takes beside its words. */
const bareWeight = 300

function weightOf({ cells, labels }: ProjectedRow): number {
  let weight = bareWeight
  for (const cell of cells) weight += lengthOf(cell)
  for (const key in labels) weight += key.length + (labels[key]?.length ?? 0)
  return weight
}

function lengthOf(cell: Cell): number {
  if (typeof cell === 'string') return cell.length
  if (typeof cell !== 'object' || cell === null) return 0
  return cell.text.length + (cell.reason?.length ?? 0)
}

const byNameKey = (a: Entry, b: Entry): number =>
  a.nameKey === b.nameKey ? a.id - b.id : a.nameKey < b.nameKey ? -1 : 1
