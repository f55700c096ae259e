import type { Duplex } from 'node:stream'
import * as ws from 'ws'

/** The parts of `ws` that frame a connection that is there already; its types do not name them. */
interface FrameReceiver {
  write(chunk: Buffer): boolean
  end(): void
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this
  on(event: 'ping' | 'pong', listener: (data: Buffer) => void): this
  on(event: 'conclude', listener: (code: number, reason: Buffer) => void): this
  on(event: 'drain' | 'finish', listener: () => void): this
  on(event: 'error', listener: (error: Error) => void): this
}

interface FrameOptions {
  readonly binary: boolean
  readonly fin: true
  readonly mask: true
  readonly compress: false
}

interface FrameSender {
  send(data: Buffer, options: FrameOptions, done: (error?: Error) => void): void
  ping(data: Buffer, mask: boolean, done: (error?: Error) => void): void
  pong(data: Buffer, mask: boolean, done: (error?: Error) => void): void
  close(code: number, reason: string, mask: boolean, done: (error?: Error) => void): void
}

interface ReceiverOptions {
  readonly isServer: false
  readonly maxPayload: number
  readonly skipUTF8Validation: true
}

interface Framing {
  readonly Receiver: new (options: ReceiverOptions) => FrameReceiver
  readonly Sender: new (socket: Duplex) => FrameSender
}

const { Receiver, Sender } = ws as unknown as Framing

const noBytes = Buffer.alloc(0)
const whole = { binary: true, fin: true, mask: true, compress: false } as const
const silence = () => undefined

interface Ears {
  message(data: Buffer): void
  /** Anything arrived, an answer to a ping included. */
  heard(): void
  /** The other side has said goodbye, or broke off, or sent what is no WebSocket’s. */
  closed(why: string): void
}

/** The client’s end of a WebSocket on a connection that was upgraded elsewhere. */
export class Frames {
  readonly #socket: Duplex
  readonly #sender: FrameSender
  #held = false
  #closed = false

  constructor(socket: Duplex, head: Buffer, maxPayload: number, ears: Ears) {
    this.#socket = socket
    this.#sender = new Sender(socket)
    const receiver = new Receiver({ isServer: false, maxPayload, skipUTF8Validation: true })
    const close = (why: string) => {
      if (this.#closed) return
      this.#closed = true
      ears.closed(why)
    }
    receiver.on('message', (data) => ears.message(data))
    receiver.on('ping', (data) => this.#sender.pong(data, true, silence))
    receiver.on('conclude', (_code, reason) => close(reason.toString('utf8').slice(0, 200)))
    receiver.on('error', (error) => close(`what it sent is no WebSocket: ${error.message}`))
    receiver.on('drain', () => this.#held || socket.resume())
    socket.on('data', (chunk: Buffer) => {
      ears.heard()
      if (!receiver.write(chunk)) socket.pause()
    })
    // What came before the end is heard before the end is.
    receiver.on('finish', () => close('it ended the connection'))
    socket.on('end', () => receiver.end())
    socket.on('error', () => close('the connection to it broke'))
    socket.on('close', () => close('the connection to it broke'))
    if (head.length > 0) socket.unshift(head)
  }

  send(data: Buffer, done: () => void): void {
    if (!this.#closed) this.#sender.send(data, whole, done)
  }

  ping(): void {
    if (!this.#closed) this.#sender.ping(noBytes, true, silence)
  }

  hold(): void {
    this.#held = true
    this.#socket.pause()
  }

  release(): void {
    this.#held = false
    this.#socket.resume()
  }

  /** Says goodbye and does not wait for the answer. */
  end(): void {
    if (this.#closed) return
    this.#closed = true
    this.#sender.close(1000, '', true, () => this.#socket.end(() => this.#socket.destroy()))
  }

  destroy(): void {
    this.#closed = true
    this.#socket.destroy()
  }

  /** Bytes that wait to be taken by the other side. */
  get waiting(): number {
    return this.#socket.writableLength
  }
}
