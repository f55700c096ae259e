import type { Dispatcher } from 'undici'
import { upstreamError, type Spent } from '../proxy/upstream/index.ts'
import type { Engine } from './thread.ts'

export interface ReadingOptions {
  readonly spent: Spent
  /** Below the cluster’s base path. */
  readonly path: string
  readonly accept: string
  readonly feed: number
  readonly engine: Engine
  /** How the engine is to read it, told before the first byte. */
  readonly form: 'list' | 'watch'
  readonly fresh: boolean
}

export interface ReadingEars {
  /** The head has come; nothing but 200 is read any further. */
  opened(reading: Reading, status: number, retryAfter: number | undefined): void
  /** The cluster ended it whole. */
  ended(reading: Reading): void
  broke(reading: Reading, reason: string): void
}

/** Bytes that wait for the engine before the cluster is asked to wait. */
const mostWaiting = 2 * 1024 * 1024
let count = 0

/** One answer of a cluster on its way into the engine. */
export class Reading {
  readonly id = (count += 1)
  readonly spent: Spent
  /** When anything last came, or was asked for. */
  heardAt: number
  openedAt: number | undefined
  readonly #options: ReadingOptions
  readonly #ears: ReadingEars
  #controller: Dispatcher.DispatchController | undefined
  #waiting = 0
  #paused = false
  #state: 'asked' | 'open' | 'deaf' | 'done' = 'asked'
  #drained: (() => void) | undefined

  constructor(options: ReadingOptions, ears: ReadingEars) {
    this.#options = options
    this.#ears = ears
    this.spent = options.spent
    this.heardAt = performance.now()
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get isListening(): boolean {
    return this.#state === 'asked' || this.#state === 'open'
  }

  start(): void {
    const { spent, path, accept } = this.#options
    const { target, authorization } = spent
    const headers = ['Host', target.host, 'Accept', accept, 'User-Agent', 'gatehouse']
    headers.push('Authorization', authorization)
    target.dispatch(
      { method: 'GET', path: target.basePath + path, headers, body: null, long: true },
      this.#handler(),
    )
  }

  /** Takes no more bytes; `drained` comes when all that were taken are worked off. */
  deafen(drained?: () => void): void {
    if (this.#state === 'done') return
    this.#state = 'deaf'
    if (this.#paused) this.#resume()
    this.#drained = drained
    this.#checkDrained()
  }

  abort(): void {
    this.#state = 'done'
    this.#drained = undefined
    this.#controller?.abort(given)
  }

  /** The engine has worked bytes off. */
  credit(bytes: number): void {
    this.#waiting -= bytes
    if (this.#paused && this.#waiting < mostWaiting / 2) this.#resume()
    this.#checkDrained()
  }

  #checkDrained(): void {
    if (this.#waiting > 0 || this.#state !== 'deaf') return
    const drained = this.#drained
    this.#drained = undefined
    drained?.()
  }

  #resume(): void {
    this.#paused = false
    this.#controller?.resume()
  }

  #handler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller) => {
        this.#controller = controller
        if (this.#state === 'done') controller.abort(given)
      },
      onResponseStart: (controller, status, headers) => this.#begin(controller, status, headers),
      onResponseData: (controller, chunk) => this.#take(controller, chunk),
      onResponseEnd: () => this.#end(),
      onResponseError: (_controller, error) => this.#break(error),
    }
  }

  #begin(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2],
  ): void {
    if (status < 200 || this.#state !== 'asked') return
    this.heardAt = this.openedAt = performance.now()
    if (status === 200) {
      this.#state = 'open'
      const { feed, form, fresh, engine } = this.#options
      engine.post({ type: 'start', feed, reading: this.id, form, fresh })
    } else {
      this.#state = 'done'
      controller.abort(given)
    }
    this.#ears.opened(this, status, retryAfterOf(headers['retry-after']))
  }

  #take(controller: Dispatcher.DispatchController, bytes: Uint8Array): void {
    if (this.#state !== 'open') return
    this.heardAt = performance.now()
    this.#waiting += bytes.length
    // A copy of its own: what undici hands over is part of a buffer that it still uses.
    const chunk = new Uint8Array(bytes)
    const { feed, engine } = this.#options
    engine.post({ type: 'bytes', feed, reading: this.id, chunk }, [chunk.buffer])
    if (this.#waiting < mostWaiting || this.#paused) return
    this.#paused = true
    controller.pause()
  }

  #end(): void {
    if (this.#state !== 'open') return
    this.#state = 'done'
    const { feed, engine } = this.#options
    engine.post({ type: 'end', feed, reading: this.id })
    this.#ears.ended(this)
  }

  #break(error: Error): void {
    if (!this.isListening) return
    this.#state = 'done'
    this.#ears.broke(this, upstreamError(this.spent.target.clusterId, error).message)
  }
}

const given = new Error('the gateway has read enough')

function retryAfterOf(value: string | string[] | undefined): number | undefined {
  const seconds = typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 60) : undefined
}
