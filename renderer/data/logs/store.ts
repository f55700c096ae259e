import { instantOf, levelOf, rfc3339, withoutEscapes } from './line.ts'
import type { Matcher } from './matcher.ts'
import { Tape } from './tape.ts'

/** Source, RFC 3339 time, text: as the stream tells it. */
export type RawLine = readonly [source: number, time: string, text: string]

/** What stands in the row of lines: a line, or a mark that something is missing or has ended. */
export const kinds = ['line', 'gap', 'ended', 'failed'] as const
export type LineKind = (typeof kinds)[number]

/** Lines of one stretch; joined once it is full, because a million small strings cost more than their letters. */
interface Chunk {
  lines: string[]
  text: string
  starts: Uint32Array
  chars: number
  /** Lines as they came, where colours were taken out. */
  readonly raw: Map<number, string>
}

const perChunk = 4096

export interface Bounds {
  readonly lines: number
  readonly chars: number
}

/**
 * Lines of many sources in one order of time. Text is kept as it arrives, in chunks; the order is a row of
 * numbers beside it, so that a source which is behind moves numbers and not text. The oldest chunk goes first.
 */
export class LogStore {
  readonly #bounds: Bounds
  readonly #chunks: Chunk[] = []
  #firstChunk = 0
  #chars = 0
  readonly #keys = new Tape(new Float64Array(1024))
  readonly #times = new Tape(new Float64Array(1024))
  readonly #nanos = new Tape(new Uint32Array(1024))
  readonly #sources = new Tape(new Uint16Array(1024))
  readonly #levels = new Tape(new Uint8Array(1024))
  readonly #kinds = new Tape(new Uint8Array(1024))
  /** Ids in the order of time; its index is a *place*. */
  readonly #order = new Tape(new Float64Array(1024))
  readonly #lastKey: number[] = []
  readonly #perSource: number[] = []

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** Places that hold a line: from `start` up to `end`. */
  get start(): number {
    return this.#order.start
  }

  get end(): number {
    return this.#order.end
  }

  /** How many lines were let go to stay within the bounds. */
  get dropped(): number {
    return this.#keys.start
  }

  get chars(): number {
    return this.#chars
  }

  idAt(place: number): number {
    return this.#order.at(place)
  }

  sourceOf(id: number): number {
    return this.#sources.at(id)
  }

  levelOf(id: number): number {
    return this.#levels.at(id)
  }

  kindOf(id: number): LineKind {
    return kinds[this.#kinds.at(id)] ?? 'line'
  }

  isMark(id: number): boolean {
    return this.#kinds.at(id) !== 0
  }

  /** Milliseconds since 1970 by which the line at a place is sorted: never less than at the place before. */
  keyAt(place: number): number {
    return this.#keys.at(this.#order.at(place))
  }

  timeOf(id: number): number {
    return this.#times.at(id)
  }

  /** To the nanosecond, as the cluster wrote it. */
  writtenTime(id: number): string {
    return rfc3339({ at: this.#times.at(id), nanos: this.#nanos.at(id) })
  }

  countOf(source: number): number {
    return this.#perSource[source] ?? 0
  }

  text(id: number): string {
    const chunk = this.#chunkOf(id)
    const at = id % perChunk
    if (!chunk) return ''
    if (chunk.starts.length === 0) return chunk.lines[at] ?? ''
    return chunk.text.slice(chunk.starts[at], (chunk.starts[at + 1] ?? 0) - 1)
  }

  /** With its colours, where it had some. */
  rawText(id: number): string {
    return this.#chunkOf(id)?.raw.get(id) ?? this.text(id)
  }

  /** Takes lines in and gives the first place whose line is another one now. */
  push(lines: readonly RawLine[]): number {
    const first = this.#keys.end
    for (const [source, time, raw] of lines) {
      const coloured = raw.includes('\u001b')
      const text = coloured ? withoutEscapes(raw) : raw
      const id = this.#add(source, instantOf(time), text)
      this.#levels.push(levelOf(text))
      this.#kinds.push(0)
      this.#perSource[source] = (this.#perSource[source] ?? 0) + 1
      if (coloured) this.#chunkOf(id)?.raw.set(id, raw)
    }
    return this.#settle(first)
  }

  /** Puts a mark among the lines, right after the last one of its source. */
  mark(
    source: number,
    kind: Exclude<LineKind, 'line'>,
    said: { at: string; text: string },
  ): number {
    const first = this.#keys.end
    this.#add(source, instantOf(said.at), said.text)
    this.#levels.push(0)
    this.#kinds.push(kinds.indexOf(kind))
    return this.#settle(first)
  }

  /** Lets the oldest go where there are too many. Lines that stay have other places now before the one given. */
  trim(): number {
    let moved = 0
    while (this.#chunks.length > 1 && this.#isTooMuch()) moved = Math.max(moved, this.#dropChunk())
    return moved
  }

  /** Calls `found` with the id of each line that fits, oldest arrival first. */
  scan(matcher: Matcher, found: (id: number) => void): void {
    for (const [index, chunk] of this.#chunks.entries()) {
      const base = (this.#firstChunk + index) * perChunk
      if (matcher.joined && chunk.starts.length > 0)
        scanJoined(chunk, matcher.joined, (at) => found(base + at))
      else this.#scanLines(chunk, matcher, (at) => found(base + at))
    }
  }

  get firstId(): number {
    return this.#keys.start
  }

  get endId(): number {
    return this.#keys.end
  }

  #scanLines(chunk: Chunk, matcher: Matcher, found: (at: number) => void): void {
    const { starts, text, lines } = chunk
    const count = starts.length > 0 ? perChunk : lines.length
    for (let at = 0; at < count; at += 1) {
      const line =
        starts.length > 0 ? text.slice(starts[at], (starts[at + 1] ?? 0) - 1) : (lines[at] ?? '')
      if (matcher.test(line)) found(at)
    }
  }

  #chunkOf(id: number): Chunk | undefined {
    return this.#chunks[Math.floor(id / perChunk) - this.#firstChunk]
  }

  #add(source: number, { at, nanos }: { at: number; nanos: number }, text: string): number {
    const id = this.#keys.end
    // A clock that jumped back must not turn round what one source said.
    const key = Math.max(this.#lastKey[source] ?? 0, at + nanos / 1_000_000)
    this.#lastKey[source] = key
    this.#keys.push(key)
    this.#times.push(at)
    this.#nanos.push(nanos)
    this.#sources.push(source)
    let chunk = this.#chunkOf(id)
    if (!chunk) {
      chunk = { lines: [], text: '', starts: new Uint32Array(0), chars: 0, raw: new Map() }
      this.#chunks.push(chunk)
    }
    const line = text.includes('\n') ? text.replaceAll('\n', ' ') : text
    chunk.lines.push(line)
    chunk.chars += line.length + 1
    this.#chars += line.length + 1
    if (chunk.lines.length === perChunk) seal(chunk)
    return id
  }

  /** Merges the ids from `first` on into the order, from the back: mostly nothing has to move. */
  #settle(first: number): number {
    const keys = this.#keys
    const count = keys.end - first
    const order = this.#order
    let read = order.end - 1
    order.grow(count)
    const batch = sortedIds(keys, first)
    let write = order.end - 1
    for (let at = count - 1; at >= 0; at -= 1) {
      const id = batch[at] ?? 0
      const key = keys.at(id)
      while (read >= order.start && keys.at(order.at(read)) > key)
        order.set(write--, order.at(read--))
      order.set(write--, id)
    }
    return write + 1
  }

  #isTooMuch(): boolean {
    const { lines, chars } = this.#bounds
    return this.#keys.end - this.#keys.start > lines || this.#chars > chars
  }

  #dropChunk(): number {
    const gone = this.#chunks.shift()
    if (!gone) return 0
    this.#firstChunk += 1
    this.#chars -= gone.chars
    const firstLeft = this.#firstChunk * perChunk
    const count = firstLeft - this.#keys.start
    for (const tape of [
      this.#keys,
      this.#times,
      this.#nanos,
      this.#sources,
      this.#levels,
      this.#kinds,
    ])
      tape.drop(firstLeft)
    return this.#dropFromOrder(firstLeft, count)
  }

  /** The oldest arrivals are mostly the oldest in time too; else what stays between them moves up. */
  #dropFromOrder(firstLeft: number, count: number): number {
    const order = this.#order
    let last = order.start - 1
    for (let seen = 0; seen < count;) {
      last += 1
      if (order.at(last) < firstLeft) seen += 1
    }
    const moved = last - order.start + 1 > count
    if (moved) {
      let write = last
      for (let read = last; read >= order.start; read -= 1) {
        const id = order.at(read)
        if (id >= firstLeft) order.set(write--, id)
      }
    }
    order.drop(order.start + count)
    return moved ? last + 1 : 0
  }
}

function seal(chunk: Chunk): void {
  const starts = new Uint32Array(perChunk + 1)
  let at = 0
  for (const [index, line] of chunk.lines.entries()) {
    starts[index] = at
    at += line.length + 1
  }
  starts[perChunk] = at
  chunk.text = chunk.lines.join('\n')
  chunk.starts = starts
  chunk.lines = []
}

/** The new ids by their keys; a stable sort, so that equal times stay as they came. */
function sortedIds(keys: Tape, first: number): number[] {
  const ids: number[] = []
  let sorted = true
  for (let id = first; id < keys.end; id += 1) {
    if (id > first && keys.at(id) < keys.at(id - 1)) sorted = false
    ids.push(id)
  }
  return sorted ? ids : ids.sort((a, b) => keys.at(a) - keys.at(b))
}

function scanJoined(
  { text, starts }: Chunk,
  search: NonNullable<Matcher['joined']>,
  found: (at: number) => void,
): void {
  let line = 0
  let last = -1
  search(text, (at) => {
    while (line < perChunk && (starts[line + 1] ?? 0) <= at) line += 1
    if (line !== last) found(line)
    last = line
  })
}
