import type { Dialled } from './dial.ts'
import { Frames } from './framing.ts'

interface Ears {
  /** Output with its channel before it: 1 for stdout, 2 for stderr. */
  output(message: Buffer): void
  /** The Status by which the cluster tells how the program ended. */
  status(status: unknown): void
  closed(why: string): void
}

/** The numbers of Kubernetes’ channels, the first byte of each message. */
const channel = { input: 0, output: 1, errors: 2, status: 3, size: 4, close: 255 } as const
/** The API server takes pieces of this size as they are. */
const piece = 32 * 1024
const largestMessage = 4 * 1024 * 1024
/** Milliseconds between pings; a cluster that answers none of several is gone. */
const pinging = 10_000
const mostUnanswered = 4

/** Input, output, size and end of one program in a pod, on the WebSocket that the cluster opened. */
export class Channels {
  readonly #frames: Frames
  readonly #canEnd: boolean
  readonly #pings: NodeJS.Timeout
  #unanswered = 0
  #held = false

  constructor({ socket, head, protocol }: Dialled, ears: Ears) {
    this.#canEnd = protocol === 'v5.channel.k8s.io'
    const closed = (why: string) => {
      clearInterval(this.#pings)
      ears.closed(why)
    }
    this.#pings = setInterval(() => {
      // A connection that is not read cannot answer.
      if (this.#held) this.#unanswered = 0
      if (this.#unanswered >= mostUnanswered) {
        this.#frames.destroy()
        closed('it does not answer any more')
        return
      }
      this.#unanswered += 1
      this.#frames.ping()
    }, pinging).unref()
    this.#frames = new Frames(socket, head, largestMessage, {
      message: (data) => hear(data, ears),
      heard: () => (this.#unanswered = 0),
      closed,
    })
  }

  /** `done` follows when the bytes were handed to the connection. */
  input(bytes: Uint8Array, done: (count: number) => void): void {
    for (let at = 0; at < bytes.length; at += piece) {
      const part = bytes.subarray(at, at + piece)
      this.#send(channel.input, part, () => done(part.length))
    }
  }

  resize(columns: number, rows: number): void {
    const size = Buffer.from(JSON.stringify({ Width: columns, Height: rows }))
    this.#send(channel.size, size, () => undefined)
  }

  /** The end of the input; false where the cluster’s protocol knows none. */
  endInput(): boolean {
    if (this.#canEnd) this.#send(channel.close, Buffer.of(channel.input), () => undefined)
    return this.#canEnd
  }

  hold(): void {
    this.#held = true
    this.#frames.hold()
  }

  release(): void {
    this.#held = false
    this.#frames.release()
  }

  end(): void {
    clearInterval(this.#pings)
    this.#frames.end()
  }

  destroy(): void {
    clearInterval(this.#pings)
    this.#frames.destroy()
  }

  #send(to: number, bytes: Uint8Array, done: () => void): void {
    const message = Buffer.allocUnsafe(bytes.length + 1)
    message[0] = to
    message.set(bytes, 1)
    this.#frames.send(message, done)
  }
}

function hear(data: Buffer, ears: Ears): void {
  const from = data[0]
  const bytes = data.subarray(1)
  // Each channel is greeted with an empty message when it opens.
  if (bytes.length === 0) return
  if (from === channel.output || from === channel.errors) ears.output(data)
  else if (from === channel.status) ears.status(parsed(bytes))
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
