import { AppError } from '../contract/errors.ts'

interface Limits {
  readonly atOnce: number
  readonly waiting: number
  readonly milliseconds: number
}

/** Lets a few through at once, some wait for a while, and sends the rest away at once. */
export class Turnstile {
  readonly #limits: Limits
  readonly #queue: (() => void)[] = []
  #inside = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** @throws AppError rate_limited when too many wait, or when the turn does not come in time. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#limits.atOnce) this.#inside += 1
    else await this.#turn()
    try {
      return await work()
    } finally {
      const next = this.#queue.shift()
      // The place is handed on, so that nobody can slip in between.
      if (next) next()
      else this.#inside -= 1
    }
  }

  async #turn(): Promise<void> {
    if (this.#queue.length >= this.#limits.waiting) throw crowded()
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(enter), 1)
        reject(crowded())
      }, this.#limits.milliseconds)
      this.#queue.push(enter)
    })
  }
}

const crowded = () =>
  new AppError('rate_limited', 'Too many sign-ins at once; try again in a few seconds', {
    retryAfter: 5,
  })
