import { STATUS_CODES, type ClientRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError } from '../contract/errors.ts'
import type { UpgradeProtocol } from './heads.ts'
import type { Call } from './call.ts'
import type { Ending } from './forward.ts'
import {
  credentialRefused,
  headForClient,
  headForCluster,
  pathForCluster,
  without,
} from './exchange-heads.ts'
import { watchLiveness } from './liveness.ts'
import { upstreamError, type Spent, type Upstreams } from './upstream/index.ts'

interface Options {
  readonly call: Call
  readonly upstreams: Upstreams
  readonly spent: Spent
  readonly socket: Duplex
  /** What the client sent behind its head; held back until the cluster has agreed. */
  readonly head: Buffer
  readonly upgrade: UpgradeProtocol
}

/** Milliseconds one side may stay open after the other has ended, to take what is still under way. */
const lastWords = 2_000
/** Milliseconds the cluster has for its 101. */
const longestHandshake = 15_000
/** Bytes of a refusal’s body that are passed on. */
const longestRefusal = 64 * 1024

/**
 * Carries one upgraded connection. It becomes a tunnel only after the cluster’s 101 was read and is the
 * one that was asked for; until then no byte of the client goes upstream. After it, bytes are not looked at.
 */
export class Tunnel {
  readonly #options: Options
  readonly #done = Promise.withResolvers<Ending>()
  #request: ClientRequest | undefined
  #upstream: Duplex | undefined
  #code = 0
  #ended = false
  #renewed = false
  #stopLiveness: () => void = () => undefined
  #handshake: NodeJS.Timeout | undefined

  constructor(options: Options) {
    this.#options = options
  }

  run(): Promise<Ending> {
    const { socket } = this.#options
    socket.on('error', () => this.stop('the client left'))
    socket.on('close', () => this.stop('the client left'))
    this.#handshake = setTimeout(
      () =>
        this.#fail(
          new AppError(
            'gateway_timeout',
            `The cluster "${this.#cluster}" took too long to open the stream`,
          ),
        ),
      longestHandshake,
    )
    this.#send(this.#options.spent)
    return this.#done.promise
  }

  /** Ends it now, on both sides. */
  stop(reason: string): void {
    if (this.#ended) return
    const answered = this.#code === 101
    this.#settle(
      answered ? { status: 'cut', code: 101, reason } : { status: 'cut', code: this.#code, reason },
    )
    this.#destroy()
  }

  get #cluster(): string {
    return this.#options.call.target?.cluster ?? ''
  }

  #send(spent: Spent): void {
    const { call, upgrade } = this.#options
    const headers = headForCluster(call, spent, upgrade)
    const path = pathForCluster(call, spent)
    const request = spent.target.upgrade({ method: call.method, path, headers })
    this.#request = request
    this.#stopLiveness()
    this.#stopLiveness = watchLiveness(spent.target, (error) => this.#fail(error))
    const current = () => request === this.#request
    request.on('upgrade', (response, upstream, upstreamHead) => {
      if (current()) this.#open(response, upstream as Socket, upstreamHead)
      else upstream.destroy()
    })
    request.on('response', (response) => {
      if (current()) void this.#refusedBy(spent, response)
      else response.destroy()
    })
    request.on('error', (error) => {
      if (current() && this.#upstream === undefined) this.#fail(upstreamError(this.#cluster, error))
    })
    request.end()
  }

  #open(response: IncomingMessage, upstream: Socket, upstreamHead: Buffer): void {
    const { socket, head, upgrade } = this.#options
    this.#upstream = upstream
    upstream.on('error', () => this.stop('the cluster ended the connection'))
    const answer = this.#agreed(response)
    if (answer instanceof AppError) {
      this.#fail(answer)
      return
    }
    this.#code = 101
    this.#stopLiveness()
    clearTimeout(this.#handshake)
    // The client may have gone while the cluster was asked; then there is nobody to write to.
    if (this.#ended || socket.destroyed) {
      upstream.destroy()
      return
    }
    for (const side of [socket as Socket, upstream]) {
      side.setNoDelay(true)
      side.setKeepAlive(true, 15_000)
      side.setTimeout(0)
    }
    socket.write(
      responseHead('101 Switching Protocols', [
        'Connection',
        'Upgrade',
        'Upgrade',
        upgrade,
        ...answer,
      ]),
    )
    if (upstreamHead.length > 0) socket.write(upstreamHead)
    if (head.length > 0) upstream.write(head)
    this.#join(socket, upstream)
  }

  /** The 101’s head, or why it is not the agreement that was asked for. */
  #agreed(response: IncomingMessage): string[] | AppError {
    const { call, upgrade } = this.#options
    if (
      response.statusCode !== 101 ||
      response.headers.upgrade?.toLowerCase() !== upgrade.toLowerCase()
    )
      return new AppError(
        'bad_gateway',
        `The cluster "${this.#cluster}" opened another protocol than was asked for`,
      )
    try {
      return headForClient(call, 101, response.rawHeaders)
    } catch (error) {
      return upstreamError(this.#cluster, error)
    }
  }

  #join(client: Duplex, upstream: Duplex): void {
    const { call } = this.#options
    client.on('data', (chunk: Buffer) => {
      call.bytesIn += chunk.length
      holdForTurn(upstream)
    })
    upstream.on('data', (chunk: Buffer) => {
      call.bytesOut += chunk.length
      holdForTurn(client)
    })
    client.pipe(upstream)
    upstream.pipe(client)
    // Never one side alone: what is still under way is flushed, then both are gone.
    const finish = () => {
      setTimeout(() => this.#finish(), lastWords).unref()
      if (client.writableFinished && upstream.writableFinished) this.#finish()
    }
    client.once('end', finish)
    upstream.once('end', finish)
    client.once('finish', () => this.#finish())
    upstream.once('close', () => this.#finish())
  }

  #finish(): void {
    if (this.#ended) return
    this.#settle({ status: 'answered', code: this.#code })
    this.#options.socket.end(() => this.#destroy())
    setTimeout(() => this.#destroy(), lastWords).unref()
  }

  /** Anything but a 101 is passed on as an ordinary answer and ends both connections. */
  async #refusedBy(spent: Spent, response: IncomingMessage): Promise<void> {
    try {
      if (response.statusCode === 401) await this.#renew(spent, response)
      else await this.#passOn(response)
    } catch (error) {
      this.#fail(upstreamError(this.#cluster, error))
    }
  }

  async #renew(spent: Spent, response: IncomingMessage): Promise<void> {
    const { call, upstreams } = this.#options
    this.#request = undefined
    response.destroy()
    const again = !this.#renewed && call.access
    this.#renewed = true
    const fresh = again && (await upstreams.renew(again, spent))
    if (this.#ended) return
    if (fresh) this.#send(fresh)
    else this.#fail(credentialRefused(call))
  }

  async #passOn(response: IncomingMessage): Promise<void> {
    const { call, socket } = this.#options
    const status = response.statusCode ?? 0
    if (status < 400) {
      this.#fail(
        new AppError(
          'bad_gateway',
          `The cluster "${this.#cluster}" did not open the stream as asked`,
        ),
      )
      return
    }
    const headers = without(headForClient(call, status, response.rawHeaders), 'content-length')
    const body = await readSome(response)
    if (this.#ended) return
    call.bytesOut += body.length
    socket.write(
      responseHead(`${status} ${STATUS_CODES[status] ?? 'Refused'}`, [
        ...headers,
        'Content-Length',
        String(body.length),
        'Connection',
        'close',
      ]),
    )
    this.#settle({ status: 'answered', code: status })
    socket.end(body, () => this.#destroy())
    setTimeout(() => this.#destroy(), lastWords).unref()
  }

  #fail(error: AppError): void {
    if (this.#ended) return
    if (this.#code === 101) {
      this.stop(error.message)
      return
    }
    const { code, message, retryAfter } = error
    this.#settle({ status: 'failed', failure: { code, message, retryAfter } })
    this.#request?.destroy()
    this.#upstream?.destroy()
  }

  #settle(ending: Ending): void {
    this.#ended = true
    this.#stopLiveness()
    clearTimeout(this.#handshake)
    this.#done.resolve(ending)
  }

  #destroy(): void {
    this.#options.socket.destroy()
    // A turn later: when a thousand end at once, every client is cut off first.
    setImmediate(() => {
      this.#request?.destroy()
      this.#upstream?.destroy()
    })
  }
}

/** What is read in one turn is written in one: TLS hands over its records one by one. */
function holdForTurn(stream: Duplex): void {
  if (stream.writableCorked > 0) return
  stream.cork()
  setImmediate(() => stream.uncork())
}

export const responseHead = (line: string, headers: readonly string[]): string => {
  let head = `HTTP/1.1 ${line}\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2)
    head += `${headers[at] ?? ''}: ${headers[at + 1] ?? ''}\r\n`
  return `${head}\r\n`
}

async function readSome(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > longestRefusal) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
