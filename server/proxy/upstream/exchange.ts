import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

export interface DispatchOptions {
  readonly method: string
  /** Whole, the target’s basePath included; sent as it is. */
  readonly path: string
  /** Raw name, value pairs, Host included; names and values must have passed an allow-list. */
  readonly headers: string[]
  readonly body: Readable | Buffer | null
  /** Watches, followed logs and whatever else may take as long as it likes. */
  readonly long: boolean
}

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2]

interface Owner {
  send(exchange: Exchange): void
  poisoned(pool: Dispatcher): void
  settled(exchange: Exchange): void
}

/** Bytes below which pieces that arrive together are passed on as one. */
const smallPiece = 1024

const deadConnection: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** One request on its way: passes everything on to its handler and sees what the target must know. */
export class Exchange implements Handler {
  readonly options: DispatchOptions
  /** Waiting for a response since then. */
  since = Date.now()
  pool: Dispatcher | undefined
  readonly #handler: Handler
  readonly #owner: Owner
  #controller: Controller | undefined
  #pieces: Buffer[] = []
  #responding = false
  #retried = false
  #ended = false

  constructor(options: DispatchOptions, handler: Handler, owner: Owner) {
    this.options = options
    this.#handler = handler
    this.#owner = owner
  }

  /** Gives up waiting. */
  fail(error: Error): void {
    if (this.#ended) return
    if (this.#controller) this.#controller.abort(error)
    else this.#end(null, error)
  }

  onRequestStart(controller: Controller, context: unknown): void {
    if (this.#ended) {
      controller.abort(new Error('given up'))
      return
    }
    this.#controller = controller
    this.#handler.onRequestStart?.(controller, context)
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, text?: string): void {
    // An interim 1xx is not yet the response.
    if (status >= 200) {
      this.#responding = true
      this.#owner.settled(this)
    }
    this.#handler.onResponseStart?.(controller, status, headers, text)
  }

  /** A cluster may send each byte as a piece of its own: whatever came in one read is one piece here. */
  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#pieces.length === 0 && chunk.length >= smallPiece)
      this.#handler.onResponseData?.(controller, chunk)
    else if (this.#pieces.push(chunk) === 1) process.nextTick(() => this.#pass(controller))
  }

  #pass(controller: Controller): void {
    const pieces = this.#pieces
    const [first] = pieces
    if (first === undefined) return
    this.#pieces = []
    if (controller.aborted) return
    const chunk = pieces.length === 1 ? first : Buffer.concat(pieces)
    this.#handler.onResponseData?.(controller, chunk)
  }

  onResponseEnd(controller: Controller, trailers: Headers): void {
    if (this.#ended) return
    this.#pass(controller)
    this.#ended = true
    this.#handler.onResponseEnd?.(controller, trailers)
  }

  /** undici passes null for what it refused to send, and nothing at all where there was no connection. */
  onResponseError(controller: Controller | null | undefined, error: Error): void {
    if (this.#ended) return
    if (controller) this.#pass(controller)
    // A refused request takes a connection of its pool with it.
    if (controller === null && this.pool) this.#owner.poisoned(this.pool)
    if (this.#mayRetry(controller, error)) {
      this.#retried = true
      this.#controller = undefined
      this.#owner.send(this)
    } else this.#end(controller ?? null, error)
  }

  #end(controller: Controller | null, error: Error): void {
    this.#ended = true
    this.#owner.settled(this)
    this.#handler.onResponseError?.(controller as Controller, error)
  }

  /** A kept connection may die in the moment it is used; asking again is safe where nothing can change. */
  #mayRetry(controller: Controller | null | undefined, error: Error): boolean {
    const { method, body } = this.options
    if (this.#retried || this.#responding || !controller || controller.aborted) return false
    if (body !== null || (method !== 'GET' && method !== 'HEAD')) return false
    return 'code' in error && deadConnection.has(error.code)
  }
}
