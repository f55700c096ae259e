import type { Freshness, ViewQuery } from '../../contract/views.ts'
import type { Makeup, Window } from '../messages.ts'
import type { Cache } from './cache.ts'
import type { Question } from './question.ts'

/** Updates of one view are at least this far apart. */
const pace = 100
/** An answer to what its client asked meanwhile waits less: somebody looks for it. */
const askedPace = 25
/** How long a view that has no rows yet waits for the first. */
const firstPatience = 100

export interface ViewOptions {
  readonly query: ViewQuery
  readonly makeup: Makeup
  readonly decision: number
  /** The cache of each part, in their order. */
  readonly caches: readonly Cache[]
  readonly question: Question
}

/** One view of one window: what its client has, and what it is sent next. */
export class View {
  readonly number: number
  revision = 0
  question: Question
  decision: number
  #query: ViewQuery
  #makeup: Makeup
  #caches: readonly Cache[]
  #window: Window
  #acked = 0
  #paused = false
  #sentAt = -Infinity
  #isAsked = false
  #openedAt = performance.now()
  #columns: unknown
  /** Stamps of the rows that the client has, by id. */
  #known = new Map<number, number>()
  #order: readonly number[] | undefined
  #offset = -1
  #freshness = ''
  #numbers = ''

  constructor(number: number, options: ViewOptions) {
    this.number = number
    this.#query = options.query
    this.#makeup = options.makeup
    this.#caches = options.caches
    this.question = options.question
    this.decision = options.decision
    this.#window = options.query
  }

  get query(): ViewQuery {
    return this.#query
  }

  /** Another question or other rights: what was sent before counts for nothing. */
  change({ query, makeup, decision, caches, question }: ViewOptions): void {
    const isAsked = query !== this.#query
    if (isAsked) {
      this.#window = query
      this.#openedAt = performance.now()
      this.#paused = false
      this.#isAsked = true
    }
    this.#query = query
    this.#makeup = makeup
    this.#caches = caches
    this.question = question
    this.decision = decision
    this.#known.clear()
    this.#order = undefined
    this.#columns = undefined
    this.#freshness = this.#numbers = ''
    // Answers under the old rights may have been dropped on their way, and are then never acknowledged.
    this.#acked = this.revision
  }

  move(window: Window): void {
    this.#window = window
    this.#paused = false
    this.#isAsked = true
  }

  pause(): void {
    this.#paused = true
  }

  ack(revision: number): void {
    this.#acked = Math.max(this.#acked, Math.min(revision, this.revision))
  }

  /** When the next update may go; undefined while that is up to the client. */
  dueAt(): number | undefined {
    if (this.#paused || this.#acked < this.revision) return undefined
    const isFirst = this.#order === undefined
    const next = this.#sentAt + (this.#isAsked ? askedPace : pace)
    if (!isFirst || this.#hasRows()) return next
    return Math.max(next, this.#openedAt + firstPatience)
  }

  #hasRows = () =>
    this.#caches.every((it) => it.state.status !== 'loading') ||
    this.#caches.some((it) => it.rows.size > 0)

  /** The next update as JSON, or undefined when nothing that is shown has changed. */
  take(): string | undefined {
    this.#isAsked = false
    const parts = [...this.#changedColumns(), ...this.#changedRows(), ...this.#changedFreshness()]
    const numbers = this.#numbersNow()
    if (parts.length === 0 && numbers === this.#numbers) return undefined
    this.#numbers = numbers
    this.revision += 1
    this.#sentAt = performance.now()
    if (!parts.some((it) => it.startsWith('"rows"'))) parts.push('"rows":[]')
    const head = `"type":"update","view":${this.number},"revision":${this.revision}`
    return `{${[head, numbers, `"offset":${this.#window.offset}`, ...parts].join()}}`
  }

  #numbersNow(): string {
    const { tally, all } = this.question
    const { total, facets, tones, sums } = tally
    return JSON.stringify({ total, all, facets, tones, sums }).slice(1, -1)
  }

  #changedColumns(): string[] {
    const { columns } = this.question
    if (columns === this.#columns) return []
    this.#columns = columns
    return [`"columns":${JSON.stringify(columns)}`]
  }

  #changedRows(): string[] {
    const { offset, limit } = this.#window
    const shown = this.question.order.slice(offset, offset + limit)
    const order: number[] = []
    const rows: string[] = []
    const known = new Map<number, number>()
    for (const { entry, source } of shown) {
      order.push(entry.id)
      known.set(entry.id, entry.stamp)
      if (this.#known.get(entry.id) !== entry.stamp) rows.push(entry.json(source))
    }
    this.#known = known
    const isMoved = offset !== this.#offset || !sameNumbers(order, this.#order)
    this.#offset = offset
    this.#order = order
    const changed: string[] = []
    if (isMoved) changed.push(`"order":[${order.join()}]`)
    if (rows.length > 0) changed.push(`"rows":[${rows.join()}]`)
    return changed
  }

  #changedFreshness(): string[] {
    const freshness = JSON.stringify(this.#freshnessNow())
    if (freshness === this.#freshness) return []
    this.#freshness = freshness
    return [`"freshness":${freshness}`]
  }

  #freshnessNow(): Freshness[] {
    const told = this.#makeup.parts.flatMap(({ source, told }, at) => {
      const state = this.#caches[at]?.state ?? { status: 'loading' as const }
      return told.map((namespace) => ({
        source,
        ...(namespace !== undefined && { namespace }),
        ...state,
      }))
    })
    return [...told, ...this.#makeup.refused].sort((a, b) => a.source - b.source)
  }
}

const sameNumbers = (a: readonly number[], b: readonly number[] | undefined) =>
  a.length === b?.length && a.every((it, at) => it === b[at])
