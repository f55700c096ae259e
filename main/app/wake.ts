export interface Woke {
  readonly asleepSeconds: number
}

const every = 5000
/** A timer that is this late was not just waiting for its turn. */
const slept = 20_000

/**
 * Notices that the machine slept or that its network came back. Not every system says so: a clock that has
 * jumped says it too.
 */
export class WakeWatch {
  readonly #told: (woke: Woke) => void
  readonly #isOnline: () => boolean
  #last: number
  #online: boolean

  constructor(told: (woke: Woke) => void, isOnline: () => boolean, now = Date.now()) {
    this.#told = told
    this.#isOnline = isOnline
    this.#last = now
    this.#online = isOnline()
  }

  /** Looks every few seconds; gives back the end of it. */
  start(): () => void {
    const timer = setInterval(() => {
      this.look(Date.now())
    }, every)
    timer.unref()
    return () => {
      clearInterval(timer)
    }
  }

  look(now: number): void {
    const away = now - this.#last - every
    const online = this.#isOnline()
    const back = online && !this.#online
    this.#last = now
    this.#online = online
    if (away > slept) this.#told({ asleepSeconds: Math.round(away / 1000) })
    else if (back) this.#told({ asleepSeconds: 0 })
  }

  /** The system says that it has woken; the jump of the clock is then old news. */
  resumed(now: number): void {
    const asleepSeconds = Math.max(0, Math.round((now - this.#last) / 1000))
    this.#last = now
    this.#told({ asleepSeconds })
  }
}
