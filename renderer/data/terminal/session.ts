import type { DesktopStream } from '#bridge'
import type { ErrorBody } from '#gateway/errors.ts'
import { TerminalDown } from '#gateway/streams.ts'
import type { StreamEars, StreamLink } from '../stream-messages.ts'
import { Acks } from './acks.ts'
import { delayBefore, mayReturn, settled, type Returning, type StreamLoss } from './attempts.ts'

export type SessionStatus =
  | { readonly status: 'opening' }
  /** A debug container starts. */
  | { readonly status: 'waiting'; readonly reason: string }
  | { readonly status: 'open' }
  | {
      readonly status: 'exited'
      readonly code: number | undefined
      readonly reason: string | undefined
    }
  | { readonly status: 'lost'; readonly attempt: number; readonly againAt: number }
  | {
      readonly status: 'closed'
      readonly reason: string | undefined
      readonly error?: ErrorBody
      /** The gateway restarted, and the program ended with its connection. */
      readonly restarted?: boolean
    }

export interface SessionState {
  readonly now: SessionStatus
  /** The container that was entered. */
  readonly container: string | undefined
}

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** What a session needs of its surroundings. */
export interface SessionParts {
  open(name: DesktopStream, input: unknown, ears: StreamEars): StreamLink
  /** Draws bytes and says when that is done. */
  draw(bytes: Uint8Array, done: () => void): void
  /** A connection takes the place of one that was lost. */
  again(): void
  now(): number
  after(milliseconds: number, work: () => void): () => void
}

export interface SessionAsk {
  readonly name: Extract<DesktopStream, 'terminal' | 'localTerminal'>
  /** Without its size. */
  readonly input: Readonly<Record<string, unknown>>
  /** Without a terminal on the other side the end of input is a message. */
  readonly tty: boolean
}

/** What is pasted travels in pieces: one message may not hold more than a mebibyte. */
const piece = 65_536

/** A terminal’s connection: its bytes both ways, its end, and its return after a loss. */
export class TerminalSession {
  readonly #parts: SessionParts
  readonly #listeners = new Set<() => void>()
  #ask: SessionAsk
  #size: Size
  #link: StreamLink | undefined
  #cancel: (() => void) | undefined
  #attempt = 0
  #openedAt: number | undefined
  #generation = 0
  #state: SessionState = { now: { status: 'opening' }, container: undefined }

  constructor(ask: SessionAsk, size: Size, parts: SessionParts) {
    this.#ask = ask
    this.#size = size
    this.#parts = parts
    this.#open()
  }

  readonly state = (): SessionState => this.#state

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  type(bytes: Uint8Array): void {
    const link = this.#link
    if (!link || this.#state.now.status !== 'open') return
    if (!this.#ask.tty && bytes.length === 1 && bytes[0] === 4) return link.send({ type: 'eof' })
    for (let at = 0; at < bytes.length; at += piece) link.sendBytes(bytes.subarray(at, at + piece))
  }

  resize(size: Size): void {
    if (size.columns === this.#size.columns && size.rows === this.#size.rows) return
    this.#size = size
    this.#link?.send({ type: 'resize', ...size })
  }

  /** Begins again, elsewhere when something else is asked for. */
  reopen(ask: SessionAsk = this.#ask): void {
    this.#leave()
    this.#ask = ask
    this.#attempt = 0
    this.#parts.again()
    this.#open()
  }

  close(): void {
    this.#leave()
    this.#listeners.clear()
  }

  #open(): void {
    this.#generation += 1
    const mine = this.#generation
    this.#openedAt = undefined
    const current = (work: () => void) => {
      if (this.#generation === mine) work()
    }
    const acks = new Acks((count) => {
      current(() => this.#link?.send({ type: 'ack', count }))
    })
    const container = this.#ask.input['container']
    const named = typeof container === 'string' ? container : this.#state.container
    const { now } = this.#state
    this.#set({ now: now.status === 'lost' ? now : { status: 'opening' }, container: named })
    this.#link = this.#parts.open(
      this.#ask.name,
      { ...this.#ask.input, ...this.#size },
      {
        opened: () => {
          current(() => {
            this.#openedAt = this.#parts.now()
            this.#say({ status: 'open' })
          })
        },
        message: (message) => {
          current(() => {
            this.#hear(TerminalDown.parse(message))
          })
        },
        bytes: (bytes) => {
          current(() => {
            // The first byte tells stdout from stderr; a terminal shows both.
            const output = bytes.subarray(1)
            if (output.length > 0) this.#parts.draw(output, acks.begin(output.length))
          })
        },
        closed: (reason, error, returns) => {
          current(() => {
            this.#closed({ reason, error, returns })
          })
        },
      },
    )
  }

  #hear(message: TerminalDown): void {
    switch (message.type) {
      case 'ack':
        return
      case 'entered':
        this.#set({ now: { status: 'open' }, container: message.container })
        return
      case 'waiting':
        this.#say({ status: 'waiting', reason: message.reason })
        return
      case 'exit':
        this.#say({ status: 'exited', code: message.code, reason: message.reason })
    }
  }

  #closed(loss: StreamLoss): void {
    this.#link = undefined
    if (this.#state.now.status === 'exited') return
    // What opens and falls at once is one long loss, not many short ones.
    const lasted = this.#openedAt === undefined ? 0 : this.#parts.now() - this.#openedAt
    if (lasted >= settled) this.#attempt = 0
    this.#openedAt = undefined
    const what: Returning = this.#ask.input['mode'] === 'attach' ? 'attach' : 'shell'
    const delay = mayReturn(loss, what) ? delayBefore(this.#attempt) : undefined
    if (delay === undefined) return this.#say(closedBy(loss))
    this.#attempt += 1
    this.#say({ status: 'lost', attempt: this.#attempt, againAt: this.#parts.now() + delay })
    this.#cancel = this.#parts.after(delay, () => {
      this.#parts.again()
      this.#open()
    })
  }

  #leave(): void {
    this.#generation += 1
    this.#cancel?.()
    this.#cancel = undefined
    this.#link?.close()
    this.#link = undefined
  }

  #say(now: SessionStatus): void {
    this.#set({ ...this.#state, now })
  }

  #set(state: SessionState): void {
    this.#state = state
    for (const tell of this.#listeners) tell()
  }
}

const closedBy = ({ reason, error, returns }: StreamLoss): SessionStatus => ({
  status: 'closed',
  reason,
  ...(error && { error }),
  ...(returns === true && { restarted: true }),
})
