import type { ErrorBody } from '#gateway/errors.ts'
import type { StreamContract, StreamPort } from '#gateway/streams.ts'
import { upLimits } from './limits.ts'
import { Bucket } from './rate.ts'

/** Main's end of a channel to a window: Electron's MessagePortMain, or Node's in a test. */
export interface WindowPort {
  post(message: string | Uint8Array): void
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
  /** After it, messages begin to arrive. */
  start(): void
  close(): void
}

/** A window's port as a stream of the contract: what does not fit ends it. */
export class WindowStream implements StreamPort {
  readonly #port: WindowPort
  readonly #contract: StreamContract
  readonly #messages = new Bucket(upLimits.messages)
  readonly #traffic = new Bucket(upLimits.traffic)
  #message: (message: never) => void = () => undefined
  #bytes: (bytes: Uint8Array) => void = () => undefined
  readonly #closers: (() => void)[] = []
  #over = false

  constructor(port: WindowPort, contract: StreamContract) {
    this.#port = port
    this.#contract = contract
    port.onMessage((message) => {
      this.#hear(message)
    })
    port.onClose(() => {
      this.#end()
    })
  }

  /** Messages go straight to the window's process; nothing waits here. */
  readonly waiting = 0

  send(message: unknown): void {
    this.sendText(JSON.stringify(message))
  }

  sendText(json: string): void {
    if (!this.#over) this.#port.post(json)
  }

  /** Copied: a clone of a view takes its whole buffer along, and Node's pool holds other people's bytes. */
  sendBytes(bytes: Uint8Array): void {
    if (!this.#over) this.#port.post(new Uint8Array(bytes))
  }

  onMessage(listener: (message: never) => void): void {
    this.#message = listener
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#bytes = listener
  }

  onClose(listener: () => void): void {
    if (this.#over) listener()
    else this.#closers.push(listener)
  }

  close(reason: string): void {
    this.send({ type: 'closed', reason })
    this.#end()
  }

  cut(reason: string): void {
    this.close(reason)
  }

  fail(error: ErrorBody): void {
    this.send({ type: 'failed', error })
    this.#end()
  }

  /** A port's end is silent in older Chromiums, so the window is told with a closing that has no reason. */
  end(): void {
    this.close('')
  }

  /** From now on the window is listened to. */
  start(): void {
    this.#port.start()
  }

  #hear(message: unknown): void {
    if (this.#over) return
    const size = sizeOfMessage(message)
    if (size === undefined || size > upLimits.bytes) {
      this.close('The window sent what this stream does not take')
      return
    }
    if (!this.#messages.take() || !this.#traffic.take(size)) {
      this.close('The window sent too much at once')
      return
    }
    if (typeof message === 'string') this.#hearText(message)
    else if (this.#contract.bytes) this.#bytes(asBytes(message))
    else this.close('This stream carries no bytes')
  }

  #hearText(text: string): void {
    const parsed = this.#contract.up.safeParse(parse(text))
    if (parsed.success) this.#message(parsed.data as never)
    else this.close('The window sent what this stream does not take')
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#port.close()
    for (const listener of this.#closers.splice(0)) listener()
  }
}

function sizeOfMessage(message: unknown): number | undefined {
  if (typeof message === 'string') return message.length
  return message instanceof ArrayBuffer || message instanceof Uint8Array
    ? message.byteLength
    : undefined
}

const asBytes = (message: unknown) =>
  message instanceof Uint8Array ? message : new Uint8Array(message as ArrayBuffer)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
