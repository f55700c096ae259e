/**
 * Where a log was read up to, and what of it is read once more when it is taken up again: the cluster only
 * knows whole seconds, so all lines of the last second come again, in the same order.
 */
export class LogSeam {
  /** The latest line. */
  #time = ''
  #text = ''
  #second = ''
  /** Lines of the latest second that were given on. */
  #count = 0
  #skipped = 0
  #isSkipping = false
  #metLast = false

  /** The time of the latest line; empty when there was none. */
  get time(): string {
    return this.#time
  }

  /** From where to read again. */
  get since(): string | undefined {
    return this.#second === '' ? undefined : `${this.#second}Z`
  }

  /** Whether what is read now goes on where it ended: the last line was met again. */
  get isWhole(): boolean {
    return this.#metLast || this.#time === ''
  }

  /** What comes now may have come before. */
  again(): void {
    this.#isSkipping = this.#time !== ''
    this.#skipped = 0
    this.#metLast = false
  }

  /** Whether a line is new; one without a time cannot be known again. */
  isNew(time: string, text: string): boolean {
    if (time === '') return true
    if (this.#isSkipping && time <= this.#time && this.#skipped < this.#count) {
      this.#skipped += 1
      this.#metLast ||= time === this.#time && text === this.#text
      return false
    }
    this.#isSkipping = false
    const second = time.slice(0, 19)
    if (second > this.#second) {
      this.#second = second
      this.#count = 1
    } else if (second === this.#second) this.#count += 1
    if (time >= this.#time) {
      this.#time = time
      this.#text = text
    }
    return true
  }
}
