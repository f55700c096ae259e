import type { ErrorBody } from '../../../server/contract/errors.ts'
import type { StreamPort } from '../../../server/contract/streams.ts'
import {
  ViewAnswer,
  ViewAsk,
  ViewQuery,
  type Column,
  type Freshness,
  type Row,
  type ViewUpdate,
} from '../../../server/contract/views.ts'

/** What a window knows of one view, made of nothing but its updates. */
export interface TestView {
  readonly number: number
  readonly updates: readonly (ViewUpdate & { readonly at: number })[]
  readonly columns: readonly Column[]
  readonly total: number
  readonly all: number
  readonly facets: ViewUpdate['facets']
  readonly tones: ViewUpdate['tones']
  readonly sums: ViewUpdate['sums']
  readonly freshness: readonly Freshness[]
  /** The rows of the window in order. */
  readonly rows: readonly Row[]
  readonly names: readonly string[]
  readonly failed: ErrorBody | undefined
  /** Everything that was said, as it travelled. */
  readonly text: string
  change(query: Partial<ViewQuery>): void
  move(offset: number, limit: number): void
  pause(): void
  close(): void
  /** Resolves once the condition holds after an update; it may hold already. */
  until(what: string, condition: (view: TestView) => boolean, within?: number): Promise<TestView>
}

export interface TestWindow {
  readonly port: StreamPort
  open(query: Partial<ViewQuery> & Pick<ViewQuery, 'sources' | 'resource'>): TestView
  /** Without this, updates are taken in and never acknowledged: the client sleeps. */
  acknowledge(on: boolean): void
  leave(): void
}

/** The client’s end of a views stream. */
export function openWindow(): TestWindow {
  let hear: (ask: never) => void = () => undefined
  let close: () => void = () => undefined
  let acknowledges = true
  let count = 0
  const views = new Map<number, View>()
  const owed = new Map<number, number>()
  const ask = (message: ViewAsk) => hear(ViewAsk.parse(message) as never)

  function take(text: string): void {
    const answer = ViewAnswer.parse(JSON.parse(text))
    const view = views.get(answer.view)
    if (!view) return
    view.take(answer, text)
    if (answer.type !== 'update') return
    owed.set(answer.view, answer.revision)
    if (acknowledges) settle()
  }

  function settle(): void {
    for (const [view, revision] of owed) ask({ type: 'ack', view, revision })
    owed.clear()
  }

  const port: StreamPort = {
    send: (message) => take(JSON.stringify(message)),
    sendText: take,
    sendBytes: () => undefined,
    waiting: 0,
    onMessage: (listener) => void (hear = listener),
    onBytes: () => undefined,
    onClose: (listener) => void (close = listener),
    close: () => close(),
    fail: () => close(),
    end: () => close(),
    cut: () => close(),
  }
  return {
    port,
    open(asked) {
      const query = ViewQuery.parse({ group: '', version: 'v1', limit: 500, ...asked })
      const view = new View((count += 1), query, ask)
      views.set(view.number, view)
      ask({ type: 'open', view: view.number, query })
      return view
    },
    acknowledge(on) {
      acknowledges = on
      if (on) settle()
    },
    leave: () => close(),
  }
}

class View implements TestView {
  readonly number: number
  readonly updates: (ViewUpdate & { readonly at: number })[] = []
  columns: readonly Column[] = []
  total = 0
  all = 0
  facets: ViewUpdate['facets'] = []
  tones: ViewUpdate['tones'] = {}
  sums: ViewUpdate['sums'] = {}
  freshness: readonly Freshness[] = []
  failed: ErrorBody | undefined
  text = ''
  #query: ViewQuery
  readonly #ask: (message: ViewAsk) => void
  #order: readonly number[] = []
  #rows = new Map<number, Row>()
  #waiting = new Set<() => void>()

  constructor(number: number, query: ViewQuery, ask: (message: ViewAsk) => void) {
    this.number = number
    this.#query = query
    this.#ask = ask
  }

  get rows(): readonly Row[] {
    return this.#order.map((id) => {
      const row = this.#rows.get(id)
      if (!row) throw new Error(`the window never received row ${id}`)
      return row
    })
  }

  get names(): readonly string[] {
    return this.rows.map((it) => it.name)
  }

  take(answer: ViewAnswer, text: string): void {
    this.text += text
    if (answer.type === 'failed') this.failed = answer.error
    else this.#update(answer)
    for (const look of this.#waiting) look()
  }

  #update(update: ViewUpdate): void {
    this.updates.push({ ...update, at: performance.now() })
    const { columns, total, all, facets, tones, sums, order, rows, freshness } = update
    Object.assign(this, { total, all, facets, tones, sums })
    if (columns) this.columns = columns
    if (freshness) this.freshness = freshness
    for (const row of rows) this.#rows.set(row.id, row)
    if (order) {
      this.#order = order
      // As the contract has it: what left the window is sent again when it comes back.
      const kept = new Set(order)
      for (const id of this.#rows.keys()) if (!kept.has(id)) this.#rows.delete(id)
    }
  }

  change(query: Partial<ViewQuery>): void {
    this.#query = ViewQuery.parse({ ...this.#query, ...query })
    this.#ask({ type: 'change', view: this.number, query: this.#query })
  }

  move(offset: number, limit: number): void {
    this.#ask({ type: 'window', view: this.number, offset, limit })
  }

  pause(): void {
    this.#ask({ type: 'pause', view: this.number })
  }

  close(): void {
    this.#ask({ type: 'close', view: this.number })
  }

  until(what: string, condition: (view: TestView) => boolean, within = 20_000): Promise<TestView> {
    if (condition(this)) return Promise.resolve(this)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        const { total, all, freshness, failed } = this
        const state = JSON.stringify({
          total,
          all,
          freshness,
          failed,
          names: this.names.slice(0, 20),
        })
        reject(new Error(`${what}: not within ${within} ms; ${state}`))
      }, within)
      const look = () => {
        if (!condition(this)) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(this)
      }
      this.#waiting.add(look)
    })
  }
}

export const isLive = (view: TestView) =>
  view.freshness.length > 0 && view.freshness.every((it) => it.status === 'live')
