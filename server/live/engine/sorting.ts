import type { Tone } from '../../contract/place.ts'
import type { Cell, Column, ColumnType, ViewQuery } from '../../contract/views.ts'
import type { Entry } from './cache.ts'
import { naturalKey } from './natural.ts'

/** What a row is sorted by in one column; what has none comes last. */
export type Key = string | number | null

/** A row as one question sees it. */
export interface Member {
  readonly entry: Entry
  readonly source: number
  keys: readonly Key[]
  fits: boolean
  /** Fits the statuses too. */
  shown: boolean
  gone: boolean
  status: string
  tone: Tone
  sums: readonly number[] | undefined
}

export type KeyOf = (entry: Entry, source: number) => Key

/** The order that was asked for, or else the one that the columns have of themselves. */
export const sortOr = (asked: ViewQuery['sort'], columns: readonly Column[]): ViewQuery['sort'] =>
  asked.length > 0
    ? asked
    : columns.flatMap(({ id, order }) =>
        order ? [{ column: id, descending: order === 'descending' }] : [],
      )

/** What each sorted column gives of a row. Columns that do not exist decide nothing. */
export function keysFor(sort: ViewQuery['sort'], columns: readonly Column[]): readonly KeyOf[] {
  return sort.map(({ column }) => keyOf(column, columns))
}

function keyOf(id: string, columns: readonly Column[]): KeyOf {
  const index = columns.findIndex((it) => it.id === id)
  const type = columns[index]?.type
  if (type !== undefined) {
    const natural = remembering(naturalKey)
    return ({ row }) => cellKey(row.cells[index] ?? null, type, natural)
  }
  if (id === 'name') return ({ nameKey }) => nameKey
  if (id === 'namespace') return ({ row }) => row.namespace ?? null
  if (id === 'cluster') return (_entry, source) => source
  return () => null
}

function cellKey(cell: Cell, type: ColumnType, natural: (text: string) => string): Key {
  if (cell === null || typeof cell === 'number') return cell
  if (typeof cell === 'object') return natural(cell.text)
  // The more is broken, the larger.
  if (type === 'bricks') return cell.replace(/[rRdD]/g, '').length
  return natural(cell)
}

export type Compare = (a: Member, b: Member) => number

/** Earlier columns win; the name decides the rest, and after it what never changes. */
export function comparing(sort: ViewQuery['sort']): Compare {
  const [first, ...others] = sort
  if (first === undefined) return byName
  const sign = first.descending ? -1 : 1
  if (others.length === 0) return (a, b) => byKey(a.keys[0], b.keys[0], sign) || byName(a, b)
  const signs = sort.map((it) => (it.descending ? -1 : 1))
  return (a, b) => {
    for (let at = 0; at < signs.length; at += 1) {
      const order = byKey(a.keys[at], b.keys[at], signs[at] ?? 1)
      if (order !== 0) return order
    }
    return byName(a, b)
  }
}

function byKey(a: Key | undefined, b: Key | undefined, sign: number): number {
  if (a === b) return 0
  if (a === null || a === undefined) return 1
  if (b === null || b === undefined) return -1
  if (typeof a === typeof b) return a < b ? -sign : sign
  // A column of mixed cells: numbers first.
  return typeof a === 'number' ? -1 : 1
}

function byName(a: Member, b: Member): number {
  if (a.entry.cache === b.entry.cache) return a.entry.rank - b.entry.rank
  if (a.entry.nameKey !== b.entry.nameKey) return a.entry.nameKey < b.entry.nameKey ? -1 : 1
  return a.source - b.source || a.entry.id - b.entry.id
}

const mostRemembered = 10_000

/** Cells of a column say the same again and again. */
function remembering(of: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const key = of(text)
    if (known.size < mostRemembered) known.set(text, key)
    return key
  }
}

/**
 * As sorting by `comparing`, for many at once: numbers are compared instead of texts. What comes from one cache comes in
 * the order of its names.
 */
export function putInOrder(
  members: readonly Member[],
  sort: ViewQuery['sort'],
  isByName: boolean,
): Member[] {
  const named = isByName ? members : [...members].sort(byName)
  if (sort.length === 0) return [...named]
  const ranks = sort.map(({ column, descending }, at) =>
    column === 'name' && isByName
      ? Float64Array.from(named, (_, place) => (descending ? -place : place))
      : ranksOf(named, at, descending),
  )
  const [first = new Float64Array(), ...others] = ranks
  const places = Uint32Array.from(named, (_, at) => at).sort((a, b) => {
    const order = (first[a] ?? 0) - (first[b] ?? 0)
    if (order !== 0) return order
    for (const rank of others) {
      const next = (rank[a] ?? 0) - (rank[b] ?? 0)
      if (next !== 0) return next
    }
    return a - b
  })
  return Array.from(places, (at) => named[at] as Member)
}

/** Numbers that stand in the order of the keys; the last is that of having none. */
function ranksOf(members: readonly Member[], at: number, descending: boolean): Float64Array {
  const sign = descending ? -1 : 1
  const numbers = new Float64Array(members.length)
  for (const [place, { keys }] of members.entries()) {
    const key = keys[at] ?? null
    if (typeof key === 'string') return placesOf(members, at, sign)
    numbers[place] = key === null ? Infinity : key * sign
  }
  return numbers
}

function placesOf(members: readonly Member[], at: number, sign: number): Float64Array {
  const keys = new Set<Key | undefined>()
  for (const { keys: its } of members) keys.add(its[at])
  const order = [...keys].sort((a, b) => byKey(a, b, sign))
  const places = new Map(order.map((key, place) => [key, place]))
  return Float64Array.from(members, ({ keys: its }) => places.get(its[at]) ?? 0)
}
