import { instantOf } from './line.ts'
import type { Source } from './messages.ts'
import type { RawLine } from './store.ts'

interface Entry {
  pod: string
  container: string
  status: Source['status']
  reason: string | undefined
  /** Time of its last line, and how many lines share it. */
  last: string
  same: number
  /** The batch that brought it. */
  batch: number
  /** While lines of a new stream may be known already. */
  catchUp: { left: number; seen: boolean } | undefined
}

const unheard = { last: '', same: 0, batch: 0, catchUp: undefined }
const nowhere = { at: 0, nanos: 0 }
/** Milliseconds before the last line in which a source was heard that was not silent then. */
const heardLast = 5_000

export interface Caught {
  readonly source: number
  readonly from: string
  readonly to: string
  /** The last known line was seen again, so that nothing can be missing. */
  readonly whole: boolean
}

/** The containers that lines come from; each keeps its number however often the stream is opened again. */
export class Roster {
  readonly #entries: Entry[] = []
  readonly #numbers = new Map<string, number>()
  readonly #ofStream = new Map<number, number>()
  /** Batches of lines, and when each of the last ones came. */
  #batch = 0
  #batches: { readonly number: number; readonly at: number }[] = []

  /** A new stream counts from its own beginning and repeats what it cannot know to be known. */
  resume(): void {
    this.#ofStream.clear()
    for (const entry of this.#entries)
      entry.catchUp = entry.last === '' ? undefined : { left: entry.same, seen: false }
  }

  /** Gives the number of a source and whether it is told anew that it ended or failed. */
  tell(it: {
    source: number
    pod: string
    container: string
    status: Source['status']
    reason?: string | undefined
  }): { number: number; news: boolean } {
    const key = `${it.pod}/${it.container}`
    const number = this.#numbers.get(key) ?? this.#entries.length
    this.#numbers.set(key, number)
    this.#ofStream.set(it.source, number)
    const known = this.#entries[number]
    const news = known ? known.status !== it.status : it.status !== 'open'
    const { pod, container, status, reason } = it
    if (known) Object.assign(known, { status, reason })
    else this.#entries.push({ pod, container, status, reason, ...unheard })
    return { number, news }
  }

  numberOf(source: number): number | undefined {
    return this.#ofStream.get(source)
  }

  lastOf(number: number): string {
    return this.#entries[number]?.last ?? ''
  }

  /** The lines that are new, under their own numbers, and where a source was found again. */
  sift(lines: readonly RawLine[], now: number): { fresh: RawLine[]; caught: Caught[] } {
    this.#batch += 1
    this.#batches = this.#batches.filter(({ at }) => at > now - heardLast)
    this.#batches.push({ number: this.#batch, at: now })
    const fresh: RawLine[] = []
    const caught: Caught[] = []
    for (const [source, time, text] of lines) {
      const number = this.#ofStream.get(source)
      const entry = number === undefined ? undefined : this.#entries[number]
      if (number === undefined || !entry) continue
      entry.batch = this.#batch
      if (entry.catchUp) {
        if (isKnown(entry, time)) continue
        caught.push({ source: number, from: entry.last, to: time, whole: entry.catchUp.seen })
        entry.catchUp = undefined
      }
      entry.same = entry.last === time ? entry.same + 1 : 1
      entry.last = time
      fresh.push([number, time, text])
    }
    return { fresh, caught }
  }

  /**
   * Up to when the sources have come that were heard last: one that is behind, because much is told of earlier
   * hours, goes on from there. One that has long been silent has nothing in between.
   */
  reached(): number | undefined {
    const since = this.#batches[0]?.number ?? Number.POSITIVE_INFINITY
    let earliest: number | undefined
    for (const { batch, last } of this.#entries) {
      const { at } = batch >= since && last !== '' ? instantOf(last) : nowhere
      if (at > 0) earliest = Math.min(earliest ?? at, at)
    }
    return earliest
  }

  list(linesOf: (number: number) => number): Source[] {
    return this.#entries.map(({ pod, container, status, reason }, number) => ({
      pod,
      container,
      status,
      ...(reason !== undefined && { reason }),
      lines: linesOf(number),
    }))
  }
}

/** Whether a line of the new stream was shown already; equal times are counted. */
function isKnown(entry: Entry, time: string): boolean {
  const { catchUp } = entry
  if (!catchUp) return false
  const order = compareTimes(time, entry.last)
  if (order > 0) return false
  catchUp.seen = true
  if (order < 0) return true
  catchUp.left -= 1
  return catchUp.left >= 0
}

function compareTimes(a: string, b: string): number {
  const one = instantOf(a)
  const other = instantOf(b)
  return one.at - other.at || one.nanos - other.nanos
}
