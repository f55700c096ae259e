const shortest = 200
const longest = 10_000

/** How long to wait before the next attempt: twice as long each time, never the same for all. */
export class BackOff {
  readonly #random: () => number
  #failures = 0

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** Milliseconds; the first attempt after a success follows at once. */
  next(): number {
    const full = this.#failures === 0 ? 0 : Math.min(longest, shortest * 2 ** this.#failures)
    this.#failures += 1
    return full * (0.5 + this.#random() / 2)
  }

  /** It works, but for how long is not known yet: what follows is tried sooner, though not at once. */
  ease(): void {
    this.#failures = Math.min(this.#failures, 1)
  }

  reset(): void {
    this.#failures = 0
  }
}
