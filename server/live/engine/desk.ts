import { toErrorBody } from '../../contract/errors.ts'
import type { ViewQuery } from '../../contract/views.ts'
import type { FromEngine, Makeup, ToEngine } from '../messages.ts'
import type { Cache } from './cache.ts'
import { Question } from './question.ts'
import { View, type ViewOptions } from './view.ts'

type Say = (message: FromEngine) => void

/** What is said about views. */
export type ForDesk = Extract<
  ToEngine,
  { readonly type: 'open' | 'makeup' | 'window' | 'pause' | 'ack' | 'close' | 'gone' }
>

interface Shared {
  readonly key: string
  readonly question: Question
  readonly views: Set<Seat>
}

/** A view and whose it is. */
interface Seat {
  readonly port: number
  readonly payer: string
  readonly view: View
  shared: Shared
}

/** Of the engine’s time, what the views of one person may take: a third. */
const costShare = 2

/** All open views: shares their work, and sends what each is due. */
export class Desk {
  readonly #caches: ReadonlyMap<number, Cache>
  readonly #say: Say
  readonly #seats = new Map<string, Seat>()
  readonly #shared = new Map<string, Shared>()
  /** Views that may have something to send. */
  readonly #stirred = new Set<Seat>()
  /** Until when a person has had their share of the engine. */
  readonly #spent = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #timerAt = Infinity

  constructor(caches: ReadonlyMap<number, Cache>, say: Say) {
    this.#caches = caches
    this.#say = say
  }

  hear(message: ForDesk): void {
    if (message.type === 'open') this.#open(message)
    else if (message.type === 'makeup') this.#remake(message)
    else if (message.type !== 'gone') this.#follow(message)
  }

  #open(message: Extract<ToEngine, { type: 'open' }>): void {
    const { port, payer, view: number, decision, query, makeup } = message
    this.#try(message, () => {
      const shared = this.#share(query, makeup)
      const options = this.#options(shared, { query, makeup, decision })
      const known = this.#seats.get(seatKey(message))
      if (known) this.#reseat(known, shared, options)
      else {
        const seat = { port, payer, view: new View(number, options), shared }
        shared.views.add(seat)
        this.#seats.set(seatKey(message), seat)
        this.#stir(seat)
      }
    })
  }

  #remake(message: Extract<ToEngine, { type: 'makeup' }>): void {
    const seat = this.#seats.get(seatKey(message))
    if (!seat) return
    const { decision, makeup } = message
    this.#try(message, () => {
      const { query } = seat.view
      const shared = this.#share(query, makeup)
      this.#reseat(seat, shared, this.#options(shared, { query, makeup, decision }))
    })
  }

  #follow(message: Extract<ToEngine, { type: 'window' | 'pause' | 'ack' | 'close' }>): void {
    const seat = this.#seats.get(seatKey(message))
    if (!seat) return
    switch (message.type) {
      case 'window':
        seat.view.move(message.window)
        break
      case 'pause':
        seat.view.pause()
        break
      case 'ack':
        seat.view.ack(message.revision)
        break
      case 'close':
        this.#seats.delete(seatKey(message))
        this.#stirred.delete(seat)
        this.#leave(seat)
        return
    }
    this.#stir(seat)
  }

  #try(message: { port: number; view: number; decision: number }, work: () => void): void {
    try {
      work()
    } catch (error) {
      const { port, view, decision } = message
      this.#say({ type: 'failed', port, view, decision, error: toErrorBody(error) })
      this.#follow({ type: 'close', port, view })
    }
  }

  #options = (
    { question }: Shared,
    its: { query: ViewQuery; makeup: Makeup; decision: number },
  ): ViewOptions => ({
    ...its,
    question,
    caches: its.makeup.parts.flatMap(({ feed }) => this.#caches.get(feed) ?? []),
  })

  /** Whoever asks the same and may see the same looks at the same rows. */
  #share(query: ViewQuery, { parts }: Makeup): Shared {
    const { labels, text, statuses, tones, owner, sort } = query
    const asked = { labels, text, statuses, tones, owner, sort }
    const key = JSON.stringify([
      parts.map(({ source, feed, allowed }) => [source, feed, allowed]),
      asked,
    ])
    const known = this.#shared.get(key)
    if (known) return known
    const views = new Set<Seat>()
    const portions = parts.flatMap(({ source, feed, allowed }) => {
      const cache = this.#caches.get(feed)
      return cache ? [{ source, cache, allowed }] : []
    })
    const question = new Question(portions, asked, () => {
      for (const it of views) this.#stir(it)
    })
    const shared = { key, question, views }
    this.#shared.set(key, shared)
    return shared
  }

  #reseat(seat: Seat, shared: Shared, options: ViewOptions): void {
    shared.views.add(seat)
    if (shared !== seat.shared) this.#leave(seat)
    seat.shared = shared
    seat.view.change(options)
    this.#stir(seat)
  }

  #leave(seat: Seat): void {
    const { shared } = seat
    shared.views.delete(seat)
    if (shared.views.size > 0) return
    shared.question.end()
    this.#shared.delete(shared.key)
  }

  #stir(seat: Seat): void {
    this.#stirred.add(seat)
    this.#plan(this.#dueAt(seat))
  }

  #dueAt(seat: Seat): number | undefined {
    const due = seat.view.dueAt()
    return due === undefined ? undefined : Math.max(due, this.#spent.get(seat.payer) ?? 0)
  }

  #plan(at: number | undefined): void {
    if (at === undefined || at >= this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = at
    this.#timer = setTimeout(() => this.#turn(), Math.max(0, at - performance.now()))
  }

  #turn(): void {
    this.#timerAt = Infinity
    const now = performance.now()
    let next: number | undefined
    for (const seat of this.#stirred) {
      const due = this.#dueAt(seat)
      if (due === undefined) this.#stirred.delete(seat)
      else if (due <= now + 0.5) {
        this.#stirred.delete(seat)
        this.#serve(seat)
      } else next = Math.min(next ?? due, due)
    }
    this.#plan(next)
  }

  #serve(seat: Seat): void {
    const { port, view } = seat
    const { number, decision } = view
    const began = performance.now()
    this.#try({ port, view: number, decision }, () => {
      seat.shared.question.refresh()
      const json = view.take()
      if (json !== undefined) this.#say({ type: 'say', port, view: number, decision, json })
    })
    const cost = performance.now() - began
    // Small things are not counted.
    if (cost > 20) this.#spent.set(seat.payer, began + cost * (1 + costShare))
  }
}

const seatKey = ({ port, view }: { readonly port: number; readonly view: number }) =>
  `${port}/${view}`
