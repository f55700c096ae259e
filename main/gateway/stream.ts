import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { AppError, ErrorBody, toErrorBody } from '#gateway/errors.ts'
import type { StreamName } from '#gateway/streams.ts'
import type { Way } from './exchange.ts'

/** Our end of a stream at the gateway. Nothing throws, also after the end. */
export interface GatewayStream {
  sendText(text: string): void
  sendBytes(bytes: Uint8Array): void
  /** Bytes that were given and have not left this process. */
  readonly waiting: number
  /** By us: the ears hear nothing more. */
  close(): void
  /** For a session that has ended: the ears are told why. */
  cut(reason: string): void
}

export interface StreamEars {
  text(text: string): void
  bytes(bytes: Uint8Array): void
  /** Once. With an error when it never opened or was lost. */
  ended(error: ErrorBody | undefined): void
}

export interface StreamTokens {
  token(): Promise<string>
  /** Another one than `spent`, which the gateway has refused. */
  renew(spent: string): Promise<string>
}

/** The gateway pings every five seconds: a line that is silent for twice as long is dead. */
const silence = 9_000
const largest = 16 * 1024 * 1024
const earlyAtMost = 1024 * 1024

/** Opens a stream by the name and input of the contract; what is sent early waits. */
export function openGatewayStream(
  way: Way & StreamTokens,
  name: StreamName,
  input: unknown,
  ears: StreamEars,
): GatewayStream {
  return new Stream(way, name, input, ears)
}

class Stream implements GatewayStream {
  readonly #way: Way & StreamTokens
  readonly #name: StreamName
  readonly #input: unknown
  readonly #ears: StreamEars
  readonly #early: (string | Uint8Array)[] = []
  #earlyBytes = 0
  #socket: WebSocket | undefined
  #opened = false
  #over = false
  #alive: NodeJS.Timeout | undefined

  constructor(way: Way & StreamTokens, name: StreamName, input: unknown, ears: StreamEars) {
    this.#way = way
    this.#name = name
    this.#input = input
    this.#ears = ears
    this.#way.token().then(
      (token) => {
        this.#connect(token, true)
      },
      (error: unknown) => {
        this.#end(toErrorBody(error))
      },
    )
  }

  get waiting(): number {
    return this.#earlyBytes + (this.#socket?.bufferedAmount ?? 0)
  }

  sendText(text: string): void {
    this.#send(text)
  }

  sendBytes(bytes: Uint8Array): void {
    this.#send(bytes)
  }

  close(): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#alive)
    const socket = this.#socket
    // A handshake that is under way is broken off: ws reports that as an error, to which nobody listens by then.
    if (socket?.readyState === WebSocket.CONNECTING) socket.terminate()
    else socket?.close(1000)
  }

  cut(reason: string): void {
    this.#lose(reason)
  }

  #send(message: string | Uint8Array): void {
    if (this.#over) return
    if (this.#opened) {
      this.#socket?.send(message)
      return
    }
    this.#earlyBytes += message.length
    if (this.#earlyBytes > earlyAtMost) this.#lose('Too much was sent before the stream was open')
    else this.#early.push(message)
  }

  #connect(token: string, mayRenew: boolean): void {
    if (this.#over) return
    const { address, agent } = this.#way
    const socket = new WebSocket(`${address.replace(/^https/, 'wss')}/streams/${this.#name}`, {
      agent,
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'gatehouse-desktop' },
      perMessageDeflate: false,
      maxPayload: largest,
      handshakeTimeout: 15_000,
    })
    this.#socket = socket
    socket.on('open', () => {
      this.#begin(socket)
    })
    socket.on('unexpected-response', (_request, response) => {
      socket.on('error', () => undefined)
      if (response.statusCode === 401 && mayRenew) {
        response.destroy()
        this.#again(token)
      } else void this.#refused(response)
    })
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code ?? cause.message
      this.#end(
        toErrorBody(
          cause instanceof AppError
            ? cause
            : new AppError('unavailable', `${address} cannot be reached (${why})`),
        ),
      )
    })
    socket.on('ping', () => {
      this.#listen()
    })
    socket.on('message', (data, binary) => {
      this.#listen()
      this.#hear(data, binary)
    })
    socket.on('close', (code) => {
      if (code === 1000) this.#end(undefined)
      else this.#lose(`The connection to ${address} was lost`)
    })
  }

  #begin(socket: WebSocket): void {
    if (this.#over) return
    socket.send(JSON.stringify(this.#input))
    for (const message of this.#early.splice(0)) socket.send(message)
    this.#earlyBytes = 0
    this.#opened = true
    this.#listen()
  }

  #again(spent: string): void {
    this.#way.renew(spent).then(
      (token) => {
        this.#connect(token, false)
      },
      (error: unknown) => {
        this.#end(toErrorBody(error))
      },
    )
  }

  #hear(data: WebSocket.RawData, binary: boolean): void {
    if (this.#over) return
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
    if (binary) this.#ears.bytes(bytes)
    else this.#ears.text(bytes.toString())
  }

  #listen(): void {
    if (this.#over) return
    clearTimeout(this.#alive)
    this.#alive = setTimeout(() => {
      this.#lose(`${this.#way.address} has fallen silent`)
    }, silence)
    this.#alive.unref()
  }

  async #refused(response: IncomingMessage): Promise<void> {
    const body = ErrorBody.safeParse(await jsonOf(response))
    const strange = `Something other than the gateway answered (${String(response.statusCode)})`
    this.#end(body.success ? body.data : { code: 'unavailable', message: strange })
  }

  #lose(message: string): void {
    this.#end({ code: 'unavailable', message })
    this.#socket?.terminate()
  }

  #end(error: ErrorBody | undefined): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#alive)
    this.#ears.ended(error)
  }
}

/** A refusal is small; what is not is no refusal of ours. */
async function jsonOf(response: IncomingMessage): Promise<unknown> {
  let said = ''
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      said += chunk.toString()
      if (said.length > 64 * 1024) {
        response.destroy()
        break
      }
    }
    return JSON.parse(said)
  } catch {
    return undefined
  }
}
