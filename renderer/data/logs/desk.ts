import type { LogsDown } from '#gateway/streams.ts'
import { deskBounds } from './bounds.ts'
import { compile, type Matcher, type Query } from './matcher.ts'
import type {
  DeskAnswer,
  DeskAsk,
  DeskState,
  FilterAsk,
  Gap,
  PartAsk,
  WindowAsk,
} from './messages.ts'
import { Roster } from './roster.ts'
import { RowWriter } from './row-writer.ts'
import { PacedRuler } from './ruler.ts'
import { LogStore, type Bounds, type RawLine } from './store.ts'
import { LogView } from './view.ts'

const partSize = 1_000_000

/** Keeps the lines of one pane, and answers with the few rows that are looked at. Runs in a worker. */
export class LogDesk {
  readonly #store: LogStore
  readonly #view: LogView
  readonly #roster = new Roster()
  readonly #rows: RowWriter
  readonly #ruler: PacedRuler
  readonly #now: () => number
  #window: WindowAsk = { from: 'end', count: 100, fold: true, opened: [] }
  #filterReason: string | undefined
  #search: { matcher: Matcher | undefined; reason: string | undefined } | undefined
  #hits: { epoch: number; until: number; rows: number[] } | undefined
  #arrivals: { at: number; count: number }[] = []
  #ended = false

  constructor(bounds: Bounds = deskBounds, now: () => number = Date.now) {
    this.#store = new LogStore(bounds)
    this.#view = new LogView(this.#store)
    this.#rows = new RowWriter(this.#store, this.#view)
    this.#ruler = new PacedRuler(this.#view, now)
    this.#now = now
  }

  /** Answers that cannot wait; everything else is in the next `update`. */
  hear(ask: DeskAsk): DeskAnswer[] {
    switch (ask.type) {
      case 'down':
        return this.#hearStream(ask.message)
      case 'resumed':
        this.#roster.resume()
        this.#ended = false
        return []
      case 'filter':
        this.#setFilter(ask.filter)
        return [this.update()]
      case 'window':
        this.#setWindow(ask.window)
        return [this.update()]
      case 'search':
        this.#setSearch(ask.query)
        return [this.update()]
      case 'step':
        return [this.#step(ask.from, ask.forwards)]
      case 'seek':
        return [{ type: 'sought', index: this.#rowFrom(ask.at) }]
      case 'part':
        return [this.#part(ask.part)]
      case 'ping':
        return [{ type: 'pong' }]
    }
  }

  /** The state of things, with the rows of the window where they are others than those sent last. */
  update(): DeskAnswer {
    const rows = this.#rows.window(this.#window)
    return { type: 'update', state: this.#state(), ...(rows && { rows }) }
  }

  /** Something was left out of the last update that lines alone do not bring again. */
  get isBehind(): boolean {
    return this.#ruler.isBehind
  }

  #state(): DeskState {
    const { epoch, start, end } = this.#view
    const reason = this.#search?.reason
    const reached = this.#roster.reached()
    const ruler = this.#ruler.get()
    return {
      epoch,
      start,
      end,
      lines: this.#store.end - this.#store.start,
      dropped: this.#store.dropped,
      rate: this.#rate(),
      ...(reached !== undefined && { reached }),
      ...(ruler && { ruler }),
      sources: this.#roster.list((number) => this.#store.countOf(number)),
      ended: this.#ended,
      ...(this.#filterReason !== undefined && { filterReason: this.#filterReason }),
      ...(this.#search && {
        search: { hits: this.#findAll().length, ...(reason !== undefined && { reason }) },
      }),
    }
  }

  #hearStream(message: LogsDown): DeskAnswer[] {
    switch (message.type) {
      case 'lines':
        this.#takeLines(message.lines)
        return [{ type: 'taken', count: message.lines.length }]
      case 'source':
        this.#takeSource(message)
        return []
      case 'gap': {
        const { source, from, to, whole, recovered } = message
        const number = this.#roster.numberOf(source)
        if (number !== undefined) this.#markGap(number, { from, to, whole, recovered })
        return []
      }
      case 'end':
        this.#ended = true
        return []
    }
  }

  #takeLines(lines: readonly RawLine[]): void {
    const { fresh, caught } = this.#roster.sift(lines, this.#now())
    for (const { source, from, to, whole } of caught) this.#markGap(source, { from, to, whole })
    if (fresh.length === 0) return
    this.#settle(this.#store.push(fresh))
    this.#arrivals.push({ at: this.#now(), count: fresh.length })
    const moved = this.#store.trim()
    if (moved > 0) this.#view.rebuild(moved)
    else this.#view.drop()
  }

  #takeSource(message: Extract<LogsDown, { type: 'source' }>): void {
    const { number, news } = this.#roster.tell(message)
    if (!news || message.status === 'open') return
    const at = this.#roster.lastOf(number) || new Date(this.#now()).toISOString()
    const text = message.reason ?? ''
    this.#settle(this.#store.mark(number, message.status, { at, text }))
  }

  #markGap(number: number, gap: Gap): void {
    this.#settle(this.#store.mark(number, 'gap', { at: gap.from, text: JSON.stringify(gap) }))
  }

  /** What the search found behind a line that came in between is looked for again. */
  #settle(place: number): void {
    const first = this.#view.take(place)
    this.#ruler.grow()
    const hits = this.#hits
    if (!hits || first >= hits.until) return
    const kept = hits.rows.findIndex((at) => at >= first)
    if (kept >= 0) hits.rows.length = kept
    hits.until = first
  }

  #setFilter({ query, invert, context, level, hidden }: FilterAsk): void {
    const compiled = query && query.text !== '' ? compile(query) : undefined
    this.#filterReason = compiled?.status === 'bad' ? compiled.reason : undefined
    if (compiled?.status === 'bad') return
    const matcher = compiled?.matcher
    this.#ruler.forget()
    this.#view.show({ matcher, invert, context, level, hidden: new Set(hidden) })
    this.#rows.highlight('filter', invert ? undefined : matcher)
  }

  #setWindow(window: WindowAsk): void {
    this.#window = window
    this.#rows.forgetSent()
  }

  #setSearch(query: Query | undefined): void {
    const compiled = query && query.text !== '' ? compile(query) : undefined
    this.#hits = undefined
    this.#search = compiled && {
      matcher: compiled.status === 'ready' ? compiled.matcher : undefined,
      reason: compiled.status === 'bad' ? compiled.reason : undefined,
    }
    this.#rows.highlight('search', this.#search?.matcher)
  }

  /** Rows that the search finds; only what came since the last time is looked at. */
  #findAll(): readonly number[] {
    const matcher = this.#search?.matcher
    if (!matcher) return []
    const { epoch, start, end } = this.#view
    const known = this.#hits?.epoch === epoch ? this.#hits : undefined
    const hits = known ?? { epoch, until: start, rows: [] }
    if (!known) this.#findInAll(matcher, hits.rows)
    else
      for (let at = hits.until; at < end; at += 1) if (this.#isHit(at, matcher)) hits.rows.push(at)
    hits.until = end
    const gone = hits.rows.findIndex((at) => at >= start)
    if (gone > 0) hits.rows.splice(0, gone)
    this.#hits = hits
    return hits.rows
  }

  #isHit(index: number, matcher: Matcher): boolean {
    const id = this.#store.idAt(this.#view.at(index).place)
    return !this.#store.isMark(id) && matcher.test(this.#store.text(id))
  }

  #findInAll(matcher: Matcher, rows: number[]): void {
    const { firstId, endId } = this.#store
    const found = new Uint8Array(endId - firstId)
    this.#store.scan(matcher, (id) => {
      if (!this.#store.isMark(id)) found[id - firstId] = 1
    })
    const { start, end } = this.#view
    for (let at = start; at < end; at += 1)
      if (found[this.#store.idAt(this.#view.at(at).place) - firstId] === 1) rows.push(at)
  }

  #step(from: number, forwards: boolean): DeskAnswer {
    const rows = this.#findAll()
    if (rows.length === 0) return { type: 'found', index: undefined, nth: 0 }
    const after = rows.findIndex((at) => at > from)
    const next = after < 0 ? 0 : after
    const notAfter = after < 0 ? rows.length : after
    const before = rows[notAfter - 1] === from ? notAfter - 2 : notAfter - 1
    const nth = forwards ? next : before < 0 ? rows.length - 1 : before
    return { type: 'found', index: rows[nth], nth: nth + 1 }
  }

  #rowFrom(at: number): number | undefined {
    const { start, end } = this.#view
    return start === end ? undefined : Math.min(end - 1, this.#view.rowNotBefore(at))
  }

  #part({ what, from, times }: PartAsk): DeskAnswer {
    const range = what === 'all' ? this.#store : this.#view
    const lines: string[] = []
    let chars = 0
    let at = Math.max(from, range.start)
    for (; at < range.end && chars < partSize; at += 1) {
      const line = this.#rows.plain(what === 'all' ? at : this.#view.at(at).place, times)
      chars += line.length + 1
      lines.push(`${line}\n`)
    }
    return { type: 'part', text: lines.join(''), next: at < range.end ? at : undefined }
  }

  #rate(): number {
    const since = this.#now() - 1000
    this.#arrivals = this.#arrivals.filter(({ at }) => at > since)
    return this.#arrivals.reduce((sum, { count }) => sum + count, 0)
  }
}
