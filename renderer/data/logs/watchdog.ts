interface Parts {
  ping(): void
  after(milliseconds: number, work: () => void): () => void
  /** It did not answer in time. */
  slow(): void
}

/** Milliseconds. A million lines are searched in well under the first of them by any pattern that ends. */
const budget = 5_000
const pause = 1_000

/**
 * Asks a worker again and again whether it still answers. A pattern such as `(a+)+$` holds one up for ever, and
 * nothing but its end helps.
 */
export class Watchdog {
  readonly #parts: Parts
  #cancel: (() => void) | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  watch(): void {
    this.rest()
    this.#parts.ping()
    this.#cancel = this.#parts.after(budget, () => {
      // After a sleep of the machine the answer may stand behind this timer: it gets a turn of its own.
      this.#cancel = this.#parts.after(pause, () => {
        this.#cancel = undefined
        this.#parts.slow()
      })
    })
  }

  answered(): void {
    if (!this.#cancel) return
    this.#cancel()
    this.#cancel = this.#parts.after(pause, () => {
      this.watch()
    })
  }

  rest(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
