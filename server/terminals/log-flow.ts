import { Flow } from './flow.ts'

/** Bytes of lines that a client has not worked off. */
const mostBytes = 1024 * 1024
/** What a line weighs beside its text. */
const perLine = 48

/** A client says how many lines it has worked off; what they weighed is kept here. */
export class LogFlow {
  readonly #flow: Flow
  readonly #batches: { lines: number; bytes: number }[] = []

  constructor(hold: () => void, release: () => void) {
    this.#flow = new Flow(mostBytes, hold, release)
  }

  sent(lines: number, characters: number): void {
    const bytes = characters + lines * perLine
    this.#batches.push({ lines, bytes })
    this.#flow.sent(bytes)
  }

  taken(lines: number): void {
    let left = lines
    let [batch] = this.#batches
    while (batch && left >= batch.lines) {
      left -= batch.lines
      this.#batches.shift()
      this.#flow.taken(batch.bytes)
      batch = this.#batches[0]
    }
    if (batch && left > 0) batch.lines -= left
  }
}
