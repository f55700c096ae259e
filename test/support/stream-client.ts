import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import type { StreamName } from '#gateway/streams.ts'

/** How a stream is asked for. */
export interface StreamAsk {
  /** https://… or http://… */
  readonly address: string
  readonly caPem?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly name: StreamName | (string & {})
}

export interface StreamRefusal {
  readonly status: number
  readonly body: { readonly code?: string; readonly message?: string }
}

interface Said {
  readonly type: string
  readonly [more: string]: unknown
}

/** The client’s end of a stream, as a window has it. */
export class StreamClient {
  readonly socket: WebSocket
  readonly messages: Said[] = []
  readonly bytes: Buffer[] = []
  /** Counts the bytes of output, without the byte before each piece. */
  received = 0
  /** Called with each piece of output; acknowledges it unless told otherwise. */
  onBytes: (piece: Buffer) => void = (piece) => this.send({ type: 'ack', count: piece.length - 1 })
  onMessage: (message: Said) => void = () => undefined
  readonly closed: Promise<{ code: number; at: number }>
  #waiting: (() => void)[] = []

  constructor(socket: WebSocket) {
    this.socket = socket
    this.closed = new Promise((resolve) =>
      socket.once('close', (code) => {
        resolve({ code, at: performance.now() })
        this.#wake()
      }),
    )
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        this.bytes.push(data)
        this.received += data.length - 1
        this.onBytes(data)
      } else {
        const message = JSON.parse(data.toString()) as Said
        this.messages.push(message)
        this.onMessage(message)
      }
      this.#wake()
    })
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message))
  }

  type(input: string | Buffer): void {
    this.socket.send(Buffer.from(input), { binary: true })
  }

  /** Of one of the two outputs, or of both. */
  output(channel?: 1 | 2): Buffer {
    const wanted = this.bytes.filter((it) => channel === undefined || it[0] === channel)
    return Buffer.concat(wanted.map((it) => it.subarray(1)))
  }

  /** Waits until something is true, asked at everything that arrives; an end answers too. */
  async until<T>(what: string, ask: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = ask()
      if (found !== undefined && found !== false) return found
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`${what}: the stream ended with ${this.tail()}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  said(type: string): Promise<Said> {
    return this.until(type, () => this.messages.find((it) => it.type === type))
  }

  shows(pattern: RegExp, from = 0): Promise<string> {
    const found = () => {
      const shown = this.output().toString()
      return pattern.test(shown.slice(from)) ? shown : undefined
    }
    return this.until(String(pattern), found)
  }

  tail(): string {
    return `${JSON.stringify(this.messages.slice(-3))} ${this.output().toString().slice(-200)}`
  }

  close(): void {
    this.socket.close()
  }
}

/** Opens a stream’s connection and says nothing on it. */
export function connectStream(ask: StreamAsk): Promise<StreamClient | StreamRefusal> {
  const { address, caPem, headers = {}, name } = ask
  const url = `${address.replace(/^http/, 'ws')}/streams/${name}`
  const socket = new WebSocket(url, {
    headers,
    ...(caPem && { ca: caPem }),
    perMessageDeflate: false,
  })
  const client = new StreamClient(socket)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(client))
    socket.once('unexpected-response', (_request, response: IncomingMessage) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, body: body === '' ? {} : JSON.parse(body) })
        socket.terminate()
      }, reject)
    })
    socket.once('error', reject)
  })
}

/** Opens a stream and says what is wanted. */
export async function openStream(ask: StreamAsk, input: unknown): Promise<StreamClient> {
  const client = await connectStream(ask)
  if ('status' in client) throw new Error(`refused with ${JSON.stringify(client)}`)
  client.send(input)
  return client
}
