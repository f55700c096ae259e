import type { RawData, WebSocket } from 'ws'
import { AppError, invalidInput, toErrorBody, type ErrorBody } from '../contract/errors.ts'
import type { StreamContract, StreamControl, StreamPort } from '../contract/streams.ts'
import { Rate } from '../policies/rate.ts'

/** Bytes of one message: text is for questions, binary for what is typed or pasted. */
const longestText = 64 * 1024
export const longestMessage = 1024 * 1024
/** Milliseconds to say what is wanted. */
const inputTime = 10_000
/** Milliseconds for what was sent before the end to travel, and for the end itself where a right has ended. */
const lastWords = 5_000
const lastWord = 250
/** Acknowledgements of fast logs and terminals are the most that is said honestly. */
const textsPerSecond = 500
const textsAtOnce = 2_000
const textBytesPerSecond = 2 * 1024 * 1024
/** Bytes that wait for a client. Rooms wait for acknowledgements long before; who asks on and never reads is gone. */
const mostWaiting = 32 * 1024 * 1024

/** How a WebSocket is closed, as its protocol has it. */
const codes = { end: 1000, cut: 1008, restart: 1012 } as const

interface Options {
  readonly socket: WebSocket
  readonly contract: StreamContract
  /** A page has the other end: it is told what others learn from pings. */
  readonly beats: boolean
  /** The first message, read by the contract. */
  input(input: unknown): void
  /** The client said what no client of ours says; resolves when that is recorded. */
  offended(error: AppError): Promise<void>
  /** Whoever serves it threw what has no name. */
  broke(error: unknown): void
}

/** A StreamPort on a WebSocket. What comes before the input is served was read by the contract. */
export class SocketPort implements StreamPort {
  readonly #options: Options
  readonly #texts = new Rate(textsPerSecond, textsAtOnce)
  readonly #textBytes = new Rate(textBytesPerSecond, 2 * textBytesPerSecond)
  readonly #inputTimer: NodeJS.Timeout
  #step: 'input' | 'open' | 'refused' | 'ended' = 'input'
  #alive = true
  #message: (message: never) => void = () => undefined
  #bytes: (bytes: Uint8Array) => void = () => undefined
  #closed: () => void = () => undefined

  constructor(options: Options) {
    this.#options = options
    const { socket } = options
    this.#inputTimer = setTimeout(
      () => this.#offend(new AppError('invalid_input', 'Nothing was asked for in time')),
      inputTime,
    ).unref()
    socket.on('message', (data, isBinary) => this.#hear(data as Buffer, isBinary))
    socket.on('pong', () => (this.#alive = true))
    // Frames that are no WebSocket’s, or too large; ws closes it by itself.
    socket.on('error', (error) => {
      if (this.#step === 'ended') return
      void options.offended(new AppError('invalid_input', `This is no message: ${error.message}`))
      this.#finish()
    })
    socket.on('close', () => this.#finish())
  }

  send(message: unknown): void {
    this.sendText(JSON.stringify(message))
  }

  sendText(json: string): void {
    if (this.#isHeard()) this.#options.socket.send(json)
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.#isHeard()) this.#options.socket.send(bytes, { binary: true })
  }

  get waiting(): number {
    return this.#options.socket.bufferedAmount
  }

  onMessage(listener: (message: never) => void): void {
    this.#message = listener
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#bytes = listener
  }

  onClose(listener: () => void): void {
    this.#closed = listener
  }

  close(reason: string, returns = false): void {
    this.#end({ type: 'closed', reason, ...(returns && { returns }) }, codes.end, lastWords)
  }

  cut(reason: string): void {
    this.#end({ type: 'closed', reason }, codes.cut, lastWord)
  }

  fail(error: ErrorBody): void {
    this.#end({ type: 'failed', error }, codes.end, lastWords)
  }

  end(): void {
    this.#end(undefined, codes.end, lastWords)
  }

  /** The process stops, and another will be there soon: what waits is not waited for long. */
  drain(reason: string): void {
    this.#end({ type: 'closed', reason, returns: true }, codes.restart, lastWord)
  }

  /** Asks whether anybody is there. Whoever did not answer the last time is gone. */
  knock(): void {
    const { socket, beats } = this.#options
    if (!this.#alive) {
      socket.terminate()
      return
    }
    this.#alive = false
    socket.ping()
    if (beats && this.#step === 'open') this.send({ type: 'beat' } satisfies StreamControl)
  }

  #hear(data: RawData & Buffer, isBinary: boolean): void {
    this.#alive = true
    if (this.#step === 'ended' || this.#step === 'refused') return
    try {
      if (!isBinary) this.#hearText(data)
      else if (this.#step === 'open' && this.#options.contract.bytes) this.#bytes(data)
      else throw new AppError('invalid_input', 'Bytes are not expected here')
    } catch (error) {
      if (error instanceof AppError) this.#offend(error)
      else {
        this.#options.broke(error)
        this.fail(toErrorBody(error))
      }
    }
  }

  #hearText(data: Buffer): void {
    if (data.length > longestText)
      throw new AppError('too_large', `A message is longer than ${longestText} bytes`)
    if (!this.#texts.take() || !this.#textBytes.take(data.length))
      throw new AppError('rate_limited', 'Too many messages came on this stream', { retryAfter: 1 })
    const { contract } = this.#options
    const read = (this.#step === 'input' ? contract.input : contract.up).safeParse(parsed(data))
    if (!read.success) throw invalidInput(read.error)
    if (this.#step === 'open') {
      this.#message(read.data as never)
      return
    }
    clearTimeout(this.#inputTimer)
    this.#step = 'open'
    this.#options.input(read.data)
  }

  #offend(error: AppError): void {
    if (this.#step === 'ended' || this.#step === 'refused') return
    this.#step = 'refused'
    void this.#options.offended(error).then(() => this.fail(toErrorBody(error)))
  }

  #end(word: StreamControl | undefined, code: number, patience: number): void {
    if (this.#step === 'ended') return
    const { socket } = this.#options
    if (word) this.send(word)
    this.#finish()
    socket.close(code)
    const timer = setTimeout(() => socket.terminate(), patience).unref()
    socket.once('close', () => clearTimeout(timer))
  }

  /** Whether what is sent has a chance to be read. */
  #isHeard(): boolean {
    if (this.#step === 'ended') return false
    if (this.waiting <= mostWaiting) return true
    this.#finish()
    this.#options.socket.terminate()
    return false
  }

  #finish(): void {
    clearTimeout(this.#inputTimer)
    if (this.#step === 'ended') return
    this.#step = 'ended'
    this.#closed()
  }
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'))
  } catch {
    throw new AppError('invalid_input', 'A message is not JSON')
  }
}
