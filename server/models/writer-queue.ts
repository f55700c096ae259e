import { AppError } from '../contract/errors.ts'

/** Longer than any honest transaction; what waits this long would wait for ever. */
const PATIENCE = 30_000

/**
 * Lets one writer at a time into a SQLite file. Without it, concurrent transactions each open a
 * connection and wait for the file's lock in one of libuv's few threads, until they fail as busy.
 */
export class WriterQueue {
  readonly #patience: number
  readonly #waiting: (() => void)[] = []
  #busy = false

  constructor(patience = PATIENCE) {
    this.#patience = patience
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) await this.#turn()
    this.#busy = true
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#busy = false
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1)
        reject(new AppError('unavailable', 'The database is busy; try again'))
      }, this.#patience)
      this.#waiting.push(enter)
    })
  }
}
