/**
 * How tall the rows of a long list are, where all but a few measured ones have one height. A list of a million
 * rows costs nothing here: a virtualiser that keeps a size for each row walks all of them at every change.
 */
export class RowHeights {
  #base: number
  /** Rows that are not of the base height, in order. */
  #rows: number[] = []
  #extras: number[] = []
  #sums: number[] = []

  constructor(base: number) {
    this.#base = base
  }

  get base(): number {
    return this.#base
  }

  /** Whether every row is of the base height. */
  get flat(): boolean {
    return this.#rows.length === 0
  }

  reset(base = this.#base): void {
    this.#base = base
    this.#rows = []
    this.#extras = []
    this.#sums = []
  }

  /** Where a row begins, from the row `start` on. */
  offset(row: number, start: number): number {
    return (row - start) * this.#base + this.#before(row)
  }

  /** The row at a height. */
  rowAt(offset: number, start: number): number {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.offset(this.#rows[middle] ?? 0, start) <= offset) low = middle + 1
      else high = middle
    }
    const tall = this.#rows[low - 1]
    if (tall === undefined) return start + Math.max(0, Math.floor(offset / this.#base))
    const end = this.offset(tall + 1, start)
    return offset < end ? tall : tall + 1 + Math.floor((offset - end) / this.#base)
  }

  /** Tells the height of a row; gives by how much it was wrong. */
  measure(row: number, height: number): number {
    const extra = height - this.#base
    const at = this.#find(row)
    const known = this.#rows[at] === row
    const before = known ? (this.#extras[at] ?? 0) : 0
    if (before === extra) return 0
    if (!known) {
      this.#rows.splice(at, 0, row)
      this.#extras.splice(at, 0, extra)
    } else if (extra === 0) {
      this.#rows.splice(at, 1)
      this.#extras.splice(at, 1)
    } else this.#extras[at] = extra
    this.#sums.length = Math.min(this.#sums.length, at)
    return extra - before
  }

  /** Forgets rows before `start`; gives how much taller than the base they were together. */
  drop(start: number): number {
    const extra = this.#before(start)
    const at = this.#find(start)
    if (at > 0) {
      this.#rows.splice(0, at)
      this.#extras.splice(0, at)
      this.#sums = []
    }
    return extra
  }

  #before(row: number): number {
    const at = this.#find(row)
    for (let i = this.#sums.length; i < at; i += 1)
      this.#sums.push((this.#sums[i - 1] ?? 0) + (this.#extras[i] ?? 0))
    return at === 0 ? 0 : (this.#sums[at - 1] ?? 0)
  }

  #find(row: number): number {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#rows[middle] ?? 0) < row) low = middle + 1
      else high = middle
    }
    return low
  }
}
