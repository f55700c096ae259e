import { ConnectFailure } from './connect-failure.ts'
import type { Exchange } from './exchange.ts'

const patience = 5000
const probeTimeout = 2000
const tick = 500

/**
 * Tells a slow answer from a dead cluster. A request may take a minute; but when one has waited for a few
 * seconds, the cluster is asked something trivial on a new connection, and if that is silent too, all who
 * wait as long are answered within ten seconds.
 */
export class SilenceWatch {
  readonly #isAlive: (timeout: number) => Promise<boolean>
  // In the order in which they began to wait.
  readonly #waiting = new Set<Exchange>()
  #timer: NodeJS.Timeout | undefined
  #probing = false

  constructor(isAlive: (timeout: number) => Promise<boolean>) {
    this.#isAlive = isAlive
  }

  add(exchange: Exchange): void {
    this.#waiting.add(exchange)
    // Left running until it finds nobody waiting: a timer per request would cost more than the request.
    this.#timer ??= setInterval(() => this.#look(), tick).unref()
  }

  remove(exchange: Exchange): void {
    this.#waiting.delete(exchange)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const [oldest] = this.#waiting
    if (!oldest) this.stop()
    else if (!this.#probing && Date.now() - oldest.since >= patience) void this.#probe()
  }

  async #probe(): Promise<void> {
    this.#probing = true
    const asked = Date.now()
    const alive = await this.#isAlive(probeTimeout)
    this.#probing = false
    for (const exchange of this.#waiting) {
      if (asked - exchange.since < patience) break
      this.#waiting.delete(exchange)
      if (alive) {
        exchange.since = Date.now()
        this.#waiting.add(exchange)
      } else exchange.fail(silent())
    }
  }
}

const silent = () =>
  new ConnectFailure('response', {
    message: 'It accepts connections but answers nothing, not even its version.',
    timedOut: true,
  })
