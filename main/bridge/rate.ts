/** So many at once, and so many a second after that. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** A bucket that fills with time; taking from an empty one is refused. */
export class Bucket {
  readonly #rate: Rate
  readonly #now: () => number
  #level: number
  #at: number

  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#rate = rate
    this.#now = now
    this.#level = rate.burst
    this.#at = now()
  }

  take(count = 1): boolean {
    const now = this.#now()
    const filled = this.#level + ((now - this.#at) / 1000) * this.#rate.perSecond
    this.#at = now
    this.#level = Math.min(this.#rate.burst, filled)
    if (this.#level < count) return false
    this.#level -= count
    return true
  }
}
