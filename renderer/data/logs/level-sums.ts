/** How many rows there are, and how many of them are warnings or worse. */
export interface LevelCounts {
  lines: number
  warnings: number
  errors: number
}

/** What a row counts as; `none` is not counted: a mark, a line around one that fits. */
export const grades = { none: 0, line: 1, warning: 2, error: 3 } as const
export type Grade = (typeof grades)[keyof typeof grades]

/** Rows of one block: few enough to be counted one by one where a range begins or ends within. */
const size = 256
/** Numbers kept of each block: lines, warnings, errors. */
const parts = 3
const unknown = 0xffff

/**
 * Counts rows of any range. Whole blocks are counted once and remembered, when somebody asks and not when lines
 * come: a row costs one look however often it is asked about.
 */
export class LevelSums {
  readonly #gradeOf: (row: number) => Grade
  #blocks = new Uint16Array(0)
  /** The block whose numbers stand first in `#blocks`. */
  #base = 0
  /** Blocks that may be remembered: from the first up to the end. */
  #first = 0
  #end = 0

  constructor(gradeOf: (row: number) => Grade) {
    this.#gradeOf = gradeOf
  }

  /** Of rows that are there, from `from` up to `to`. */
  between(from: number, to: number): LevelCounts {
    const sum = { lines: 0, warnings: 0, errors: 0 }
    const first = Math.ceil(from / size)
    const end = Math.floor(to / size)
    if (first >= end) {
      this.#count(from, to, sum)
      return sum
    }
    this.#count(from, first * size, sum)
    this.#makeRoom(end)
    for (let block = first; block < end; block += 1) this.#addBlock(block, sum)
    this.#end = Math.max(this.#end, end)
    this.#count(end * size, to, sum)
    return sum
  }

  /** Rows from this one on are others now. */
  cut(row: number): void {
    this.forget(row, this.#end * size)
    this.#end = Math.max(this.#first, Math.min(this.#end, Math.floor(row / size)))
  }

  /** Rows of a range are others now. */
  forget(from: number, to: number): void {
    const first = Math.max(this.#first, Math.floor(from / size))
    const end = Math.min(this.#end, Math.ceil(to / size))
    if (first < end) this.#blocks.fill(unknown, this.#at(first), this.#at(end))
  }

  /** Rows before this one are gone. */
  drop(row: number): void {
    this.#first = Math.max(this.#first, Math.floor(row / size))
    this.#end = Math.max(this.#end, this.#first)
  }

  /** All rows are others now, from this one on. */
  reset(start: number): void {
    this.#blocks.fill(unknown)
    this.#first = this.#end = this.#base = Math.floor(start / size)
  }

  #at(block: number): number {
    return (block - this.#base) * parts
  }

  /** Numbers of blocks that were dropped are let go when more room is needed. */
  #makeRoom(end: number): void {
    if (this.#at(end) <= this.#blocks.length) return
    const kept = this.#blocks.subarray(this.#at(this.#first), this.#at(this.#end))
    const next = new Uint16Array(Math.max(64, 2 * (end - this.#first)) * parts).fill(unknown)
    next.set(kept)
    this.#blocks = next
    this.#base = this.#first
  }

  #addBlock(block: number, to: LevelCounts): void {
    const at = this.#at(block)
    if (this.#blocks[at] === unknown) {
      const counts = { lines: 0, warnings: 0, errors: 0 }
      this.#count(block * size, (block + 1) * size, counts)
      this.#blocks.set([counts.lines, counts.warnings, counts.errors], at)
    }
    to.lines += this.#blocks[at] ?? 0
    to.warnings += this.#blocks[at + 1] ?? 0
    to.errors += this.#blocks[at + 2] ?? 0
  }

  #count(from: number, to: number, into: LevelCounts): void {
    for (let row = from; row < to; row += 1) {
      const grade = this.#gradeOf(row)
      if (grade === grades.none) continue
      into.lines += 1
      if (grade === grades.warning) into.warnings += 1
      else if (grade === grades.error) into.errors += 1
    }
  }
}
