/** Milliseconds for which what was written meanwhile is counted. */
const catchingUp = 1_000

/** A connection that was lost and found: counts the lines that were written in between, then tells. */
export class LogGap {
  readonly #until: string
  readonly #tell: (to: string, recovered: number) => void
  readonly #timer: NodeJS.Timeout
  #recovered = 0
  #told = false

  constructor(until: string, tell: (to: string, recovered: number) => void) {
    this.#until = until
    this.#tell = tell
    this.#timer = setTimeout(() => this.tell(), catchingUp).unref()
  }

  /** A new line. */
  met(time: string): void {
    if (time > this.#until) this.tell(time)
    else if (!this.#told) this.#recovered += 1
  }

  tell(to = this.#until): void {
    if (this.#told) return
    this.#told = true
    clearTimeout(this.#timer)
    this.#tell(to, this.#recovered)
  }
}
