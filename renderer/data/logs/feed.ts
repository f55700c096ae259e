import type { ErrorBody } from '#gateway/errors.ts'
import type { LogsDown, LogsInput } from '#gateway/streams.ts'
import type { StreamEars, StreamLink } from '../stream-messages.ts'
import { delayBefore, mayReturn, settled, type StreamLoss } from '../terminal/attempts.ts'
import type {
  DeskAnswer,
  DeskAsk,
  DeskState,
  FilterAsk,
  LogRow,
  PartAsk,
  WindowAsk,
} from './messages.ts'
import type { Query } from './matcher.ts'
import type { DeskLine } from './spawn.ts'
import { Watchdog } from './watchdog.ts'

export type FeedStatus =
  | { readonly status: 'opening' }
  | { readonly status: 'open' }
  | {
      readonly status: 'lost'
      readonly attempt: number
      readonly againAt: number
      /** The gateway said that it restarts. */
      readonly restarts: boolean
    }
  /** Everything that was asked for is here. */
  | { readonly status: 'whole' }
  | { readonly status: 'closed'; readonly reason: string | undefined; readonly error?: ErrorBody }

export interface FeedState {
  readonly stream: FeedStatus
  readonly desk: DeskState | undefined
  readonly rows: readonly LogRow[]
  /** The pattern of the filter held the worker up: lines are shown without it, and were asked for again. */
  readonly slow?: boolean
}

/** What a feed needs of its surroundings. */
export interface FeedParts {
  open(input: LogsInput, ears: StreamEars): StreamLink
  desk(hear: (answer: DeskAnswer) => void): DeskLine
  now(): number
  after(milliseconds: number, work: () => void): () => void
}

/** Carries the lines of one pane from the gateway to its worker, and opens the stream again when it is lost. */
export class LogFeed {
  readonly #parts: FeedParts
  readonly #listeners = new Set<() => void>()
  #input: LogsInput
  #desk: DeskLine
  #link: StreamLink | undefined
  #cancel: (() => void) | undefined
  #attempt = 0
  /** Streams are numbered: a word of one that was left is not heard. */
  #generation = 0
  #isWhole = false
  #askedAt: number
  #openedAt: number | undefined
  #lostAt: number | undefined
  #found: ((index: number | undefined, nth: number) => void) | undefined
  #sought: ((index: number | undefined) => void) | undefined
  #part: ((text: string, next: number | undefined) => void) | undefined
  #lost: ((why: Error) => void) | undefined
  readonly #watchdog: Watchdog
  #search: Query | undefined
  #filter: FilterAsk | undefined
  #window: WindowAsk | undefined
  #state: FeedState = { stream: { status: 'opening' }, desk: undefined, rows: [] }

  constructor(input: LogsInput, parts: FeedParts) {
    this.#parts = parts
    this.#input = input
    this.#askedAt = parts.now()
    this.#desk = this.#openDesk()
    this.#watchdog = new Watchdog({
      ping: () => {
        this.#say({ type: 'ping' })
      },
      after: (milliseconds, work) => parts.after(milliseconds, work),
      slow: () => {
        this.#giveUp()
      },
    })
    this.#open(input)
  }

  #openDesk(): DeskLine {
    const line: DeskLine = this.#parts.desk((answer) => {
      // What a desk said that is gone may still be on its way.
      if (this.#desk === line) this.#hear(answer)
    })
    return line
  }

  readonly state = (): FeedState => this.#state

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Asks another question: what was kept is forgotten. */
  ask(input: LogsInput): void {
    this.#leave()
    this.#input = input
    this.#askedAt = this.#parts.now()
    this.#lostAt = undefined
    this.#attempt = 0
    this.#closeDesk()
    this.#desk = this.#openDesk()
    this.#set({ stream: { status: 'opening' }, desk: undefined, rows: [] })
    if (this.#filter) this.filter(this.#filter)
    if (this.#search) this.search(this.#search)
    if (this.#window) this.window({ ...this.#window, from: 'end' })
    this.#open(input)
  }

  filter(filter: FilterAsk): void {
    this.#filter = filter
    const { slow: _, ...state } = this.#state
    this.#set(state)
    this.#say({ type: 'filter', filter })
    this.#watch()
  }

  window(window: WindowAsk): void {
    this.#window = window
    this.#say({ type: 'window', window })
  }

  search(query: Query | undefined): void {
    this.#search = query
    this.#say({ type: 'search', query })
    this.#watch()
  }

  /** Only what people write as a pattern can take for ever. */
  #watch(): void {
    if (this.#filter?.query?.pattern === true || this.#search?.pattern === true)
      this.#watchdog.watch()
    else this.#watchdog.rest()
  }

  /** The worker is held up, and its lines with it: another begins, without the patterns. */
  #giveUp(): void {
    if (this.#filter?.query?.pattern === true) this.#filter = { ...this.#filter, query: undefined }
    if (this.#search?.pattern === true) this.#search = undefined
    this.ask(this.#input)
    this.#set({ ...this.#state, slow: true })
  }

  /** Whoever waits for an answer of it hears that none comes. */
  #closeDesk(): void {
    this.#watchdog.rest()
    this.#desk.close()
    this.#found?.(undefined, 0)
    this.#sought?.(undefined)
    this.#lost?.(new Error('The lines are no longer there'))
  }

  /** The row of the next hit, and which hit it is, from 1. */
  async step(from: number, forwards: boolean): Promise<{ index: number | undefined; nth: number }> {
    return new Promise((resolve) => {
      this.#found = (index, nth) => {
        resolve({ index, nth })
      }
      this.#say({ type: 'step', from, forwards })
    })
  }

  /** The row of the first line from a time on, or of the last one where all are before it. */
  async seek(at: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#sought = resolve
      this.#say({ type: 'seek', at })
    })
  }

  /** The text that is kept, piece by piece, so that it is never there twice. */
  async *parts(what: PartAsk['what'], times: boolean): AsyncGenerator<string> {
    for (let from: number | undefined = 0; from !== undefined;) {
      const ask: PartAsk = { what, from, times }
      const part = await new Promise<{ text: string; next: number | undefined }>(
        (resolve, reject) => {
          this.#lost = reject
          this.#part = (text, next) => {
            resolve({ text, next })
          }
          this.#say({ type: 'part', part: ask })
        },
      )
      yield part.text
      from = part.next
    }
  }

  /** Tries now, whatever was waited for. */
  reopen(): void {
    this.#leave()
    this.#attempt = 0
    this.#resume()
  }

  close(): void {
    this.#leave()
    this.#closeDesk()
    this.#listeners.clear()
  }

  #open(input: LogsInput): void {
    this.#generation += 1
    this.#isWhole = false
    this.#openedAt = undefined
    const mine = this.#generation
    const current = (work: () => void) => {
      if (this.#generation === mine) work()
    }
    this.#link = this.#parts.open(input, {
      opened: () => {
        current(() => {
          this.#openedAt = this.#parts.now()
          this.#set({ ...this.#state, stream: { status: 'open' } })
        })
      },
      message: (message) => {
        current(() => {
          const down = message as LogsDown
          if (down.type === 'end') this.#isWhole = true
          this.#say({ type: 'down', message: down })
        })
      },
      closed: (reason, error, returns) => {
        current(() => {
          this.#closed({ reason, error, returns })
        })
      },
    })
  }

  #closed(loss: StreamLoss): void {
    this.#link = undefined
    const { reason, error, returns } = loss
    const openedAt = this.#openedAt
    this.#openedAt = undefined
    // The worker tells it too, but later than the stream closes.
    if (this.#isWhole) return this.#set({ ...this.#state, stream: { status: 'whole' } })
    const now = this.#parts.now()
    // What opens and falls at once is one long loss, not many short ones: little of what was missed has come.
    if (openedAt !== undefined) {
      const lasted = now - openedAt >= settled
      if (lasted) this.#attempt = 0
      this.#lostAt = lasted ? now : (this.#lostAt ?? now)
    }
    const delay = mayReturn(loss, 'log') ? delayBefore(this.#attempt) : undefined
    if (delay === undefined) {
      const closed = { status: 'closed', reason, ...(error && { error }) } as const
      return this.#set({ ...this.#state, stream: closed })
    }
    this.#attempt += 1
    const againAt = now + delay
    const restarts = returns === true
    this.#set({
      ...this.#state,
      stream: { status: 'lost', attempt: this.#attempt, againAt, restarts },
    })
    this.#cancel = this.#parts.after(delay, () => {
      this.#resume()
    })
  }

  /** Goes on where lines ended; a little is asked for twice, and the worker knows it again. */
  #resume(): void {
    this.#say({ type: 'resumed' })
    const { tail: _, sinceSeconds, ...rest } = this.#input
    const { desk } = this.#state
    if (this.#lostAt === undefined || !desk || desk.lines === 0) return this.#open(this.#input)
    const now = this.#parts.now()
    // Who was still being told of earlier hours goes on there, not where the connection was lost.
    const from = Math.min(this.#lostAt, desk.reached ?? this.#lostAt)
    const away = Math.ceil((now - from) / 1000) + overlap
    const most = sinceSeconds && Math.ceil((now - this.#askedAt) / 1000) + sinceSeconds
    this.#open({ ...rest, sinceSeconds: Math.min(away, most ?? away, longest) })
  }

  #leave(): void {
    this.#generation += 1
    this.#cancel?.()
    this.#cancel = undefined
    this.#link?.close()
    this.#link = undefined
  }

  #say(ask: DeskAsk): void {
    this.#desk.send(ask)
  }

  #hear(answer: DeskAnswer): void {
    switch (answer.type) {
      case 'taken':
        this.#link?.send({ type: 'ack', count: answer.count })
        return
      case 'found':
        this.#found?.(answer.index, answer.nth)
        return
      case 'sought':
        this.#sought?.(answer.index)
        return
      case 'part':
        this.#part?.(answer.text, answer.next)
        return
      case 'pong':
        this.#watchdog.answered()
        return
      case 'update':
        this.#set({
          ...this.#state,
          desk: answer.state,
          rows: answer.rows ?? this.#state.rows,
        })
    }
  }

  #set(state: FeedState): void {
    this.#state = state
    for (const tell of this.#listeners) tell()
  }
}

/** Seconds asked for twice after a loss: the connection was dead before anybody knew. */
const overlap = 20
/** Seconds that may be asked for: a year. */
const longest = 31_536_000
