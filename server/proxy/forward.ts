import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { AppError } from '../contract/errors.ts'
import type { Call } from './call.ts'
import {
  credentialRefused,
  headForClient,
  headForCluster,
  pathForCluster,
} from './exchange-heads.ts'
import type { RawHeaders } from './raw-headers.ts'
import { watchLiveness } from './liveness.ts'
import type { Failure } from './status.ts'
import { upstreamError, type Spent, type Upstreams } from './upstream/index.ts'

/** How an exchange ended, once the last byte is out or never will be. */
export type Ending =
  | { readonly status: 'answered'; readonly code: number }
  /** Nothing was sent to the client yet; the caller answers. */
  | { readonly status: 'failed'; readonly failure: Failure }
  /** The answer broke off after it had begun, and the client’s connection with it. */
  | { readonly status: 'cut'; readonly code: number; readonly reason: string }

interface Options {
  readonly call: Call
  readonly upstreams: Upstreams
  readonly spent: Spent
  readonly res: ServerResponse
  /** What is sent upstream: nothing, a whole body, or the request itself as a stream. */
  readonly body: Buffer | IncomingMessage | null
  readonly long: boolean
}

/** Bytes that wait for a slow client in memory before the cluster is asked to wait too. */
const heldForClient = 4 * 1024 * 1024
/** The same of a stream, of which one person may have a thousand. */
const heldForStream = 256 * 1024
/** Milliseconds a client may take no byte of an ordinary answer before it is cut off. */
const slowestClient = 30_000

/**
 * Carries one ordinary request to the cluster and its answer back, byte for byte, as they arrive.
 * Everything that ends it early — client, cluster, revocation — goes through `stop`.
 */
export class Forwarding {
  readonly #options: Options
  readonly #done = Promise.withResolvers<Ending>()
  #controller: Dispatcher.DispatchController | undefined
  #stopped: string | undefined
  #code = 0
  #renewed = false
  /** Counts what was sent upstream, so that an attempt that was given up is no longer listened to. */
  #round = 0
  /** Whether the head is on its way with what follows it. */
  #flowing = false
  #stopLiveness: () => void = () => undefined
  #slowTimer: NodeJS.Timeout | undefined

  constructor(options: Options) {
    this.#options = options
  }

  run(): Promise<Ending> {
    const { res } = this.#options
    res.once('close', () => {
      if (!res.writableFinished) this.stop('the client left')
    })
    this.#send(this.#options.spent)
    return this.#done.promise
  }

  /** Ends it now, on both sides. A cut answer is never ended politely: half a list must not look whole. */
  stop(reason: string): void {
    if (this.#stopped !== undefined) return
    this.#stopped = reason
    const { res } = this.#options
    if (!res.writableFinished) res.destroy()
    // The cluster’s side a turn later: when a thousand end at once, every client is cut off first.
    setImmediate(() => this.#controller?.abort(ended))
    this.#settle({ status: 'cut', code: this.#code, reason })
  }

  #send(spent: Spent): void {
    const { call, body, long } = this.#options
    const headers = headForCluster(call, spent)
    const path = pathForCluster(call, spent)
    // Ordinary requests are watched by the target; what may be silent for long is asked about once.
    if (long) this.#stopLiveness = watchLiveness(spent.target, (error) => this.#fail(error))
    spent.target.dispatch(
      { method: call.method, path, headers, body: empty(body), long },
      this.#handler(spent),
    )
  }

  #handler(spent: Spent): Dispatcher.DispatchHandler {
    this.#round += 1
    const round = this.#round
    const current = () => round === this.#round
    return {
      onRequestStart: (controller) => {
        if (current()) this.#controller = controller
        if (this.#stopped !== undefined) controller.abort(ended)
      },
      onResponseStart: (controller, status) => {
        if (current()) this.#begin(spent, controller, status)
      },
      onResponseData: (controller, chunk) => {
        if (current()) this.#relay(controller, chunk)
      },
      onResponseEnd: () => {
        if (current()) this.#finish()
      },
      onResponseError: (_controller, error) => {
        if (current()) this.#broke(error)
      },
    }
  }

  #begin(spent: Spent, controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200 || this.#stopped !== undefined) return
    this.#stopLiveness()
    if (status === 401 && this.#mayRenew()) {
      this.#renewed = true
      // The refused answer is not read, and what its connection still says is not listened to.
      this.#round += 1
      controller.abort(ended)
      void this.#renew(spent)
      return
    }
    const head = this.#clientHead(controller, status)
    if (head instanceof AppError) {
      this.#fail(head)
      return
    }
    this.#code = status
    const { res } = this.#options
    res.sendDate = false
    res.writeHead(status, head)
    // Node holds the head back until the first byte; a quiet watch would seem to hang. What came along with
    // the head leaves along with it: one TLS record and one system call.
    process.nextTick(flushHead, this)
  }

  flush(): void {
    if (!this.#flowing && !this.#options.res.destroyed) this.#options.res.flushHeaders()
  }

  #clientHead(controller: Dispatcher.DispatchController, status: number): string[] | AppError {
    const { call } = this.#options
    if (status === 401) return credentialRefused(call)
    try {
      return headForClient(call, status, rawHeadersOf(controller))
    } catch (error) {
      return upstreamError(call.target?.cluster ?? '', error)
    }
  }

  #relay(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stopped !== undefined) return
    const { res, call, long } = this.#options
    call.bytesOut += chunk.length
    this.#flowing = true
    if (res.write(chunk) || res.writableLength < (long ? heldForStream : heldForClient)) return
    controller.pause()
    if (!this.#options.long)
      this.#slowTimer ??= setTimeout(() => this.stop('the client reads too slowly'), slowestClient)
    res.once('drain', () => {
      clearTimeout(this.#slowTimer)
      this.#slowTimer = undefined
      controller.resume()
    })
  }

  #finish(): void {
    const { res } = this.#options
    if (this.#stopped !== undefined || this.#code === 0) return
    this.#flowing = true
    if (!this.#options.long)
      this.#slowTimer ??= setTimeout(() => this.stop('the client reads too slowly'), slowestClient)
    res.end(() => this.#settle({ status: 'answered', code: this.#code }))
  }

  #broke(error: Error): void {
    this.#stopLiveness()
    if (this.#stopped !== undefined) return
    this.#fail(upstreamError(this.#options.call.target?.cluster ?? '', error))
  }

  #fail(error: AppError): void {
    if (this.#stopped !== undefined) return
    if (this.#options.res.headersSent) {
      this.stop(error.message)
      return
    }
    this.#stopped = error.message
    this.#stopLiveness()
    this.#controller?.abort(error)
    const { code, message, retryAfter } = error
    this.#settle({ status: 'failed', failure: { code, message, retryAfter } })
  }

  #mayRenew(): boolean {
    const { body } = this.#options
    return !this.#renewed && (body === null || Buffer.isBuffer(body))
  }

  async #renew(spent: Spent): Promise<void> {
    const { upstreams, call } = this.#options
    try {
      const fresh = call.access && (await upstreams.renew(call.access, spent))
      if (this.#stopped !== undefined) return
      if (fresh) this.#send(fresh)
      else this.#fail(credentialRefused(call))
    } catch (error) {
      this.#fail(upstreamError(call.target?.cluster ?? '', error))
    }
  }

  #settle(ending: Ending): void {
    this.#stopLiveness()
    clearTimeout(this.#slowTimer)
    this.#done.resolve(ending)
  }
}

/** One for all, and nobody’s to read: each new error would record where it came from. */
const ended = new Error('the exchange was ended by the gateway')

const flushHead = (forwarding: Forwarding) => forwarding.flush()

const empty = (body: Buffer | IncomingMessage | null) =>
  Buffer.isBuffer(body) && body.length === 0 ? null : body

/** undici’s types allow parsed headers here; what it hands over are the raw pairs. */
const rawHeadersOf = ({ rawHeaders }: Dispatcher.DispatchController): RawHeaders =>
  Array.isArray(rawHeaders) ? rawHeaders : []
