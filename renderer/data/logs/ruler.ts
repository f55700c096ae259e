import type { LevelCounts } from './level-sums.ts'

/** How many rows there are when, for the strip above the lines. */
export interface Ruler {
  /** Where the first bar begins, in milliseconds since 1970. */
  readonly from: number
  /** Milliseconds of one bar. */
  readonly width: number
  /** Three numbers for each bar: lines, warnings among them, errors among them. */
  readonly bars: Uint32Array
}

/** Rows in the order of time. */
interface TimedRows {
  readonly end: number
  /** In milliseconds since 1970; 0 where none is known. */
  timeAt(row: number): number
  /** The first row that is not before a time; `end` where there is none. */
  rowNotBefore(at: number): number
  between(from: number, to: number): LevelCounts
}

/** Bars at most: more would be thinner than a pointer can tell apart. */
const most = 120

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
/** Widths that people count in. */
const widths = [
  [1, 2, 5, 10, 20, 50, 100, 200, 500],
  [1, 2, 5, 10, 15, 30].map((it) => it * second),
  [1, 2, 5, 10, 15, 30].map((it) => it * minute),
  [1, 2, 3, 6, 12].map((it) => it * hour),
  [1, 2, 7].map((it) => it * day),
].flat()

/** Found anew each time by where bars begin among the sorted rows: lines that come cost nothing. */
export function rulerOf(rows: TimedRows): Ruler | undefined {
  const first = rows.rowNotBefore(1)
  if (first >= rows.end) return undefined
  const begin = rows.timeAt(first)
  const last = rows.timeAt(rows.end - 1)
  const width = widthFor(last - begin)
  const from = Math.floor(begin / width) * width
  const count = Math.floor((last - from) / width) + 1
  const bars = new Uint32Array(count * 3)
  let row = first
  for (let bar = 0; bar < count; bar += 1) {
    const next = bar === count - 1 ? rows.end : rows.rowNotBefore(from + (bar + 1) * width)
    const { lines, warnings, errors } = rows.between(row, next)
    bars.set([lines, warnings, errors], bar * 3)
    row = next
  }
  return { from, width, bars }
}

/** One bar more than fit exactly may be needed, since bars begin at round times. */
function widthFor(span: number): number {
  const least = span / (most - 1)
  const known = widths.find((it) => it >= least)
  return known ?? Math.ceil(least / (7 * day)) * 7 * day
}

/** Milliseconds between two rulers while lines come: a strip that moves more often tells nobody more. */
const pause = 250

/** The ruler of rows that change all the time, made anew when that is worth its work. */
export class PacedRuler {
  readonly #rows: TimedRows
  readonly #now: () => number
  #made: { readonly at: number; readonly ruler: Ruler | undefined } | undefined
  #isBehind = false

  constructor(rows: TimedRows, now: () => number) {
    this.#rows = rows
    this.#now = now
  }

  /** Rows have come since the ruler that was given last: it must be asked for again. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  /** Rows have come. */
  grow(): void {
    this.#isBehind = true
  }

  /** Others are shown: that is seen at once. */
  forget(): void {
    this.#made = undefined
  }

  get(): Ruler | undefined {
    const at = this.#now()
    const made = this.#made
    if (made && !(this.#isBehind && at - made.at >= pause)) return made.ruler
    this.#isBehind = false
    this.#made = { at, ruler: rulerOf(this.#rows) }
    return this.#made.ruler
  }
}
