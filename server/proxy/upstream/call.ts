import type { Dispatcher } from 'undici'
import { isTooFine } from './answer-shape.ts'
import { ConnectFailure } from './connect-failure.ts'
import type { Target } from './target.ts'

/** A short call of the gateway’s own to a cluster. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the cluster’s base path. */
  readonly path: string
  /** The bearer token. */
  readonly token?: string | undefined
  readonly body?: unknown
  readonly contentType?: string
  readonly timeout?: number
  readonly accept?: string
  /** What a good answer is read as; a refusal is JSON either way. */
  readonly reads?: 'json' | 'text'
  /** The most bytes that are read of an answer; what is longer is a failure. */
  readonly limitBytes?: number
  /** Further raw name, value pairs. */
  readonly headers?: readonly string[]
}

export interface CallAnswer {
  readonly status: number
  /** The parsed body; undefined where it is not JSON. A string where text was asked for. */
  readonly body: unknown
  readonly milliseconds: number
}

const mebibyte = 1024 * 1024

/**
 * Sends JSON and reads JSON, by default at most 1 MiB, and within a deadline.
 * @throws ConnectFailure, or whatever ended the connection.
 */
export function callJson(target: Target, call: Call): Promise<CallAnswer> {
  return new Promise((resolve, reject) => {
    const reader = new Reader(call, resolve, reject)
    const { method, path, token, body, accept, contentType = 'application/json' } = call
    const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body))
    const headers = ['Host', target.host, 'Accept', accept ?? 'application/json']
    headers.push('User-Agent', 'gatehouse')
    headers.push(...(call.headers ?? []))
    if (token !== undefined) headers.push('Authorization', `Bearer ${token}`)
    if (bytes) headers.push('Content-Type', contentType, 'Content-Length', String(bytes.length))
    target.dispatch(
      { method, path: target.basePath + path, headers, body: bytes, long: false },
      reader,
    )
  })
}

class Reader implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: CallAnswer) => void
  readonly #reject: (error: Error) => void
  readonly #timer: NodeJS.Timeout
  readonly #began = performance.now()
  readonly #limit: number
  readonly #reads: 'json' | 'text'
  readonly #chunks: Buffer[] = []
  #length = 0
  #status = 0
  #controller: Dispatcher.DispatchController | undefined

  constructor(
    { timeout = 8000, limitBytes = mebibyte, reads = 'json' }: Call,
    resolve: (answer: CallAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#limit = limitBytes
    this.#reads = reads
    this.#resolve = resolve
    this.#reject = reject
    this.#timer = setTimeout(() => {
      const message = `It did not answer within ${timeout / 1000} seconds.`
      this.#fail(new ConnectFailure('response', { message, timedOut: true }))
    }, timeout)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length
    if (this.#length <= this.#limit) {
      this.#chunks.push(chunk)
      return
    }
    const message = `Its answer is larger than ${this.#limit / mebibyte} MiB.`
    this.#fail(new ConnectFailure('response', { message }))
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer)
    const milliseconds = Math.round(performance.now() - this.#began)
    const bytes = Buffer.concat(this.#chunks)
    const isText = this.#reads === 'text' && this.#status < 400
    const body = isText ? bytes.toString('utf8') : parsed(bytes)
    this.#resolve({ status: this.#status, body, milliseconds })
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    clearTimeout(this.#timer)
    this.#reject(error)
  }

  #fail(error: Error): void {
    clearTimeout(this.#timer)
    this.#reject(error)
    this.#controller?.abort(error)
  }
}

function parsed(bytes: Buffer): unknown {
  if (isTooFine(bytes)) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The message of a Kubernetes Status, made safe to show. */
export function statusMessage({ status, body }: CallAnswer): string {
  const message = field(body, 'message')
  if (typeof message !== 'string' || message === '') return `it answered ${status}`
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  return message.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 500)
}

/** One field of something that may be anything. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
