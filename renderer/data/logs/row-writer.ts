import { fold, unfold } from './fold.ts'
import type { Gap, LogRow, WindowAsk } from './messages.ts'
import type { Matcher } from './matcher.ts'
import { ansiSpans, withMarks, type Span } from './spans.ts'
import type { LogStore } from './store.ts'
import type { LogView } from './view.ts'

const most = { shown: 2_000, opened: 100_000 }

type Marking = 'filter' | 'search'

/** Makes the rows that are looked at; parsing and colouring are done for these only. */
export class RowWriter {
  readonly #store: LogStore
  readonly #view: LogView
  readonly #highlights = new Map<Marking, Matcher>()
  #sent: { epoch: number; ids: readonly number[] } | undefined

  constructor(store: LogStore, view: LogView) {
    this.#store = store
    this.#view = view
  }

  highlight(as: Marking, matcher: Matcher | undefined): void {
    if (matcher) this.#highlights.set(as, matcher)
    else this.#highlights.delete(as)
    this.#sent = undefined
  }

  forgetSent(): void {
    this.#sent = undefined
  }

  /** The rows of a window, unless they are those that were given last. */
  window({ from, count, fold: folds, opened }: WindowAsk): LogRow[] | undefined {
    const { start, end, epoch } = this.#view
    const first = Math.max(start, from === 'end' ? end - count : Math.min(from, end))
    const indices = Array.from(
      { length: Math.min(end, first + count) - first },
      (_, i) => first + i,
    )
    const ids = indices.map((index) => this.#store.idAt(this.#view.at(index).place))
    if (this.#isSent(epoch, ids)) return undefined
    this.#sent = { epoch, ids: [...ids, first] }
    const open = new Set(opened)
    return indices.map((index) => this.#row(index, folds, open))
  }

  /** A line as text to be saved. */
  plain(place: number, times: boolean): string {
    const id = this.#store.idAt(place)
    const time = times ? `${this.#store.writtenTime(id)} ` : ''
    const kind = this.#store.kindOf(id)
    return `${time}${kind === 'line' ? '' : `[${kind}] `}${this.#store.text(id)}`
  }

  #isSent(epoch: number, ids: readonly number[]): boolean {
    const sent = this.#sent
    if (!sent || sent.epoch !== epoch || sent.ids.length !== ids.length + 1) return false
    return ids.every((id, at) => sent.ids[at] === id)
  }

  #row(index: number, folds: boolean, opened: ReadonlySet<number>): LogRow {
    const { place, context } = this.#view.at(index)
    const id = this.#store.idAt(place)
    const kind = this.#store.kindOf(id)
    const before = index > this.#view.start ? this.#view.at(index - 1).place : place - 1
    const open = opened.has(id)
    return {
      index,
      id,
      kind,
      source: this.#store.sourceOf(id),
      at: this.#store.timeOf(id),
      time: this.#store.writtenTime(id),
      level: this.#store.levelOf(id),
      context,
      apart: before !== place - 1,
      ...(kind === 'line' ? this.#words(id, folds, open) : this.#marked(id)),
    }
  }

  #marked(id: number): Pick<LogRow, 'spans' | 'gap'> {
    const text = this.#store.text(id)
    if (this.#store.kindOf(id) !== 'gap') return { spans: text === '' ? [] : [{ text }] }
    return { spans: [], gap: JSON.parse(text) as Gap }
  }

  #words(
    id: number,
    folds: boolean,
    open: boolean,
  ): Pick<LogRow, 'spans' | 'fields' | 'whole' | 'cut'> {
    const text = this.#store.text(id)
    const whole = open ? unfold(text) : undefined
    const folded = folds && !open ? fold(text) : undefined
    if (folded)
      return {
        spans: this.#highlighted(folded.message, [{ text: folded.message }]),
        fields: folded.fields,
      }
    const limit = open ? most.opened : most.shown
    const raw = this.#store.rawText(id)
    const shown = text.slice(0, limit)
    const spans = raw === text || text.length > limit ? [{ text: shown }] : ansiSpans(raw)
    return {
      spans: this.#highlighted(shown, spans),
      ...(whole !== undefined && { whole }),
      ...(text.length > limit && { cut: text.length - limit }),
    }
  }

  #highlighted(text: string, spans: Span[]): Span[] {
    let marked = spans
    for (const [as, matcher] of this.#highlights)
      marked = withMarks(marked, matcher.marks(text), as)
    return marked
  }
}
