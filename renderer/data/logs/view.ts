import { levels } from './line.ts'
import { grades, LevelSums, type Grade, type LevelCounts } from './level-sums.ts'
import type { Matcher } from './matcher.ts'
import type { LogStore } from './store.ts'
import { Tape } from './tape.ts'

/** Which lines are shown. */
export interface Filter {
  readonly matcher: Matcher | undefined
  /** Shows what does not fit instead. */
  readonly invert: boolean
  /** Lines around each that fits. */
  readonly context: number
  /** The least grave level that is shown; 0 shows all. */
  readonly level: number
  readonly hidden: ReadonlySet<number>
}

export const everything: Filter = {
  matcher: undefined,
  invert: false,
  context: 0,
  level: 0,
  hidden: new Set(),
}

export interface Place {
  readonly place: number
  /** Shown only because it stands near one that fits. */
  readonly context: boolean
}

/**
 * The lines of a store that fit a filter, kept up as lines come and go. Its index stays the same for a line
 * for as long as the filter is the same and nothing comes in between.
 */
export class LogView {
  readonly #store: LogStore
  #filter: Filter = everything
  /** Places; `-place - 1` for context. Absent while everything is shown: then the place is the index. */
  #rows: Tape | undefined
  #scanned = 0
  #epoch = 0
  readonly #sums = new LevelSums((row) => this.#gradeOf(row))

  constructor(store: LogStore) {
    this.#store = store
  }

  /** Grows when indices mean other lines than before. */
  get epoch(): number {
    return this.#epoch
  }

  get start(): number {
    return this.#rows ? this.#rows.start : this.#store.start
  }

  get end(): number {
    return this.#rows ? this.#rows.end : this.#store.end
  }

  at(index: number): Place {
    if (!this.#rows) return { place: index, context: false }
    const row = this.#rows.at(index)
    return row < 0 ? { place: -row - 1, context: true } : { place: row, context: false }
  }

  show(filter: Filter): void {
    this.#filter = filter
    this.rebuild()
  }

  /** Decides on all lines again; those before the place `moved` only are others, where it is known. */
  rebuild(moved?: number): void {
    this.#epoch += 1
    const { start, end } = this.#store
    if (isEverything(this.#filter)) {
      if (moved === undefined || this.#rows) this.#sums.reset(start)
      else this.#sums.forget(start, moved)
      this.#rows = undefined
      return
    }
    this.#sums.reset(0)
    this.#rows = new Tape(new Float64Array(1024))
    const { matcher } = this.#filter
    const hits = matcher ? this.#hits(matcher) : undefined
    const { firstId } = this.#store
    this.#extend(start, end, (id) => !hits || hits[id - firstId] === 1)
  }

  /** Takes in what the store says changed: everything from `place` on. Gives the first row that is another one now. */
  take(place: number): number {
    const first = this.#rows ? this.#takeRows(this.#rows, place) : place
    this.#sums.cut(first)
    return first
  }

  #takeRows(rows: Tape, place: number): number {
    const { matcher, context } = this.#filter
    const from = place < this.#scanned ? Math.max(this.#store.start, place - context) : place
    if (place < this.#scanned) this.#cutBack(from)
    const first = rows.end
    this.#extend(from, this.#store.end, (id) => !matcher || matcher.test(this.#store.text(id)))
    return first
  }

  /** Forgets the rows whose lines the store has let go. */
  drop(): void {
    const rows = this.#rows
    if (rows) {
      let first = rows.start
      while (first < rows.end && this.at(first).place < this.#store.start) first += 1
      rows.drop(first)
    }
    this.#sums.drop(this.start)
  }

  /** By which the row is sorted, in milliseconds since 1970; 0 where no time is known. */
  timeAt(row: number): number {
    const place = this.#rows ? this.#rows.at(row) : row
    return this.#store.keyAt(place < 0 ? -place - 1 : place)
  }

  /** The first row that is not before a time; `end` where there is none. */
  rowNotBefore(at: number): number {
    let low = this.start
    let high = this.end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.timeAt(middle) < at) low = middle + 1
      else high = middle
    }
    return low
  }

  /** How many rows of a range fit the filter, and how grave they are. */
  between(from: number, to: number): LevelCounts {
    return this.#sums.between(from, to)
  }

  /** The index of the row at a place, or of the next one. */
  indexOf(place: number): number {
    if (!this.#rows) return Math.max(this.start, Math.min(this.end, place))
    let low = this.#rows.start
    let high = this.#rows.end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle).place < place) low = middle + 1
      else high = middle
    }
    return low
  }

  #gradeOf(row: number): Grade {
    const place = this.#rows ? this.#rows.at(row) : row
    if (place < 0) return grades.none
    const id = this.#store.idAt(place)
    if (this.#store.isMark(id)) return grades.none
    const level = this.#store.levelOf(id)
    if (level < warning) return grades.line
    return level === warning ? grades.warning : grades.error
  }

  #hits(matcher: Matcher): Uint8Array {
    const { firstId, endId } = this.#store
    const hits = new Uint8Array(endId - firstId)
    this.#store.scan(matcher, (id) => {
      hits[id - firstId] = 1
    })
    return hits
  }

  /** A mark shows with its source, whatever is looked for: what is missing must not be filtered away. */
  #fits(id: number, found: (id: number) => boolean): boolean {
    const { hidden, level, invert } = this.#filter
    const store = this.#store
    if (hidden.has(store.sourceOf(id))) return false
    if (store.isMark(id)) return true
    return store.levelOf(id) >= level && found(id) !== invert
  }

  #extend(from: number, end: number, found: (id: number) => boolean): void {
    const rows = this.#rows
    if (!rows) return
    const { context, hidden } = this.#filter
    let until = this.#contextUntil(from)
    for (let place = from; place < end; place += 1) {
      const id = this.#store.idAt(place)
      if (this.#fits(id, found)) {
        this.#pushContext(place - context, place)
        rows.push(place)
        until = place + context
      } else if (place <= until && !hidden.has(this.#store.sourceOf(id))) rows.push(-place - 1)
    }
    this.#scanned = end
  }

  /** The lines before one that fits, those that stand there already left out. */
  #pushContext(from: number, to: number): void {
    const rows = this.#rows
    if (!rows) return
    const last = rows.end > rows.start ? this.at(rows.end - 1).place : -1
    for (let place = Math.max(from, last + 1, this.#store.start); place < to; place += 1)
      if (!this.#filter.hidden.has(this.#store.sourceOf(this.#store.idAt(place))))
        rows.push(-place - 1)
  }

  /** How far the context of the last row that fits reaches. */
  #contextUntil(from: number): number {
    const rows = this.#rows
    if (!rows) return -1
    for (let index = rows.end - 1; index >= rows.start; index -= 1) {
      const { place, context } = this.at(index)
      if (place < from - this.#filter.context) return -1
      if (!context) return place + this.#filter.context
    }
    return -1
  }

  /** Lines came in between: rows behind them are decided on again. */
  #cutBack(from: number): void {
    const rows = this.#rows
    if (!rows) return
    let end = rows.end
    while (end > rows.start && this.at(end - 1).place >= from) end -= 1
    rows.cut(end)
  }
}

const warning = levels.indexOf('warning')

const isEverything = ({ matcher, level, hidden }: Filter) =>
  !matcher && level === 0 && hidden.size === 0
