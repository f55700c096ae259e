import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Row, ViewQuery, ViewUpdate } from '../../../../server/contract/views.ts'
import type { LabGateway, LabPerson } from '../../lab/gateway.ts'
import type { Arrivals } from './probe.ts'

type Told = ViewUpdate | { readonly type: 'failed' | 'opened' | 'closed'; readonly error?: unknown }

export interface ViewsWindow {
  open(query: Partial<ViewQuery>): WatchedView
  /** Bytes that came out of the connection, as they are before it is encrypted. */
  readonly bytes: number
  close(): void
}

/** One view as a window keeps it, with the moment of its last update. */
export class WatchedView implements Arrivals {
  readonly number: number
  rows = new Map<number, Row>()
  order: readonly number[] = []
  last: ViewUpdate | undefined
  live = false
  updates = 0
  onChange: Arrivals['onChange']
  #query: Partial<ViewQuery>
  readonly #say: (message: object) => void
  #waiting: { test: (update: ViewUpdate) => boolean; done: (at: number) => void }[] = []

  constructor(number: number, query: Partial<ViewQuery>, say: (message: object) => void) {
    this.number = number
    this.#query = query
    this.#say = say
  }

  expect(): void {
    // Its window is what it is told of.
  }

  take(update: ViewUpdate): void {
    this.last = update
    this.updates += 1
    const at = performance.timeOrigin + performance.now()
    for (const row of update.rows) {
      this.rows.set(row.id, row)
      this.onChange?.(row.uid, row.version, at)
    }
    this.order = update.order ?? this.order
    const shown = new Set(this.order)
    for (const id of this.rows.keys()) if (!shown.has(id)) this.rows.delete(id)
    if (update.freshness) this.live = update.freshness.every((it) => it.status === 'live')
    this.#say({ type: 'ack', view: this.number, revision: update.revision })
    for (const it of this.#waiting.splice(0))
      if (it.test(update)) it.done(performance.now())
      else this.#waiting.push(it)
  }

  /** When the first update came that fits. */
  until(test: (update: ViewUpdate) => boolean): Promise<number> {
    return new Promise((done) => this.#waiting.push({ test, done }))
  }

  /** Milliseconds from another question to its answer, which tells the columns again. */
  async ask(query: Partial<ViewQuery>): Promise<number> {
    this.#query = { ...this.#query, ...query }
    const answered = this.until((it) => it.columns !== undefined)
    const asked = performance.now()
    this.#say({ type: 'change', view: this.number, query: this.#query })
    return (await answered) - asked
  }

  async move(offset: number, limit: number): Promise<number> {
    const answered = this.until((it) => it.offset === offset)
    const asked = performance.now()
    this.#say({ type: 'window', view: this.number, offset, limit })
    return (await answered) - asked
  }

  close(): void {
    this.#say({ type: 'close', view: this.number })
  }
}

/** A window of its own connection to the gateway. */
export async function openWindow(
  { address, caPem }: LabGateway,
  { token }: LabPerson,
): Promise<ViewsWindow> {
  const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/streams/views`, {
    headers: { authorization: `Bearer ${token}` },
    ca: caPem,
    perMessageDeflate: false,
  })
  const views = new Map<number, WatchedView>()
  const say = (message: object) => socket.send(JSON.stringify(message))
  let bytes = 0
  let isClosed = false
  socket.on('message', (data: Buffer) => {
    bytes += data.length
    const told = JSON.parse(data.toString()) as Told
    if (told.type === 'update') views.get(told.view)?.take(told)
    else if (told.type !== 'opened' && !isClosed)
      throw new Error(`the stream ended: ${data.toString()}`)
  })
  await once(socket, 'open')
  say({})
  return {
    open(query) {
      const view = new WatchedView(views.size + 1, query, say)
      views.set(view.number, view)
      say({ type: 'open', view: view.number, query })
      return view
    },
    get bytes() {
      return bytes
    },
    close() {
      isClosed = true
      socket.close()
    },
  }
}
