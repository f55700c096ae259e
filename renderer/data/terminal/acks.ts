/** Bytes that are owed an answer before one is sent: an answer for every keystroke’s echo would double the traffic. */
const enough = 32_768

/**
 * Counts what a terminal has drawn and tells the sender, who pauses when too much is under way. What is left
 * is told once nothing more waits to be drawn.
 */
export class Acks {
  readonly #tell: (count: number) => void
  #drawing = 0
  #owed = 0

  constructor(tell: (count: number) => void) {
    this.#tell = tell
  }

  /** Bytes were handed over to be drawn; call the answer when they are. */
  begin(count: number): () => void {
    this.#drawing += 1
    return () => {
      this.#drawing -= 1
      this.#owed += count
      if (this.#owed >= enough || this.#drawing === 0) this.#flush()
    }
  }

  #flush(): void {
    if (this.#owed === 0) return
    const count = this.#owed
    this.#owed = 0
    this.#tell(count)
  }
}
