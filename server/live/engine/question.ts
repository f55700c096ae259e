import { invalidField } from '../../contract/errors.ts'
import type { Tone } from '../../contract/place.ts'
import type { Column, ViewQuery } from '../../contract/views.ts'
import { readLabels } from '../matching/labels.ts'
import { readWords } from '../matching/words.ts'
import type { Allowed } from '../messages.ts'
import type { Cache, Entry, Follower } from './cache.ts'
import type { ProjectedRow } from '../rows/index.ts'
import { merge } from './merge.ts'
import {
  comparing,
  keysFor,
  putInOrder,
  sortOr,
  type Compare,
  type Key,
  type KeyOf,
  type Member,
} from './sorting.ts'
import { Tally } from './tally.ts'

export type Asked = Pick<ViewQuery, 'labels' | 'text' | 'statuses' | 'tones' | 'owner' | 'sort'>

/** The rows of one cache that may be seen, and of which source they are. */
export interface Portion {
  readonly source: number
  readonly cache: Cache
  readonly allowed: Allowed
}

type Test = (entry: Entry) => boolean

/** Milliseconds that one filter may take; what a person types must not hold up the others. */
const filterTime = 1000
const checkEvery = 256
/** While nobody looks, what changed is remembered only so far. */
const mostTouched = 50_000

/**
 * One filter and one order over some caches. Views that ask the same and may see the same share it.
 * It is brought up to date when somebody looks, by what was touched since.
 */
export class Question implements Follower {
  readonly #portions: readonly Portion[]
  readonly #asked: Asked
  readonly #onTouch: () => void
  readonly #tests: readonly Test[]
  readonly #statuses: ReadonlySet<string> | undefined
  readonly #tones: ReadonlySet<Tone> | undefined
  #compare: Compare
  readonly #allowed: ReadonlyMap<Cache, { readonly source: number; readonly test: Test }>
  #keys: readonly KeyOf[] = []
  #columns: readonly Column[] = []
  #members = new Map<Entry, Member>()
  #order: Member[] = []
  #tally = new Tally([])
  #touched = new Set<Entry>()
  #upset = true
  /** Grows whenever something that is asked about has changed. */
  version = 0

  /** @throws AppError invalid_input */
  constructor(portions: readonly Portion[], asked: Asked, onTouch: () => void) {
    this.#portions = portions
    this.#asked = asked
    this.#onTouch = onTouch
    this.#tests = testsOf(asked)
    this.#statuses = asked.statuses && new Set(asked.statuses)
    this.#tones = asked.tones && new Set(asked.tones)
    this.#compare = comparing(asked.sort)
    this.#allowed = new Map(
      portions.map((it) => [it.cache, { source: it.source, test: allowedTest(it.allowed) }]),
    )
    for (const { cache } of portions) cache.followers.add(this)
  }

  end(): void {
    for (const { cache } of this.#portions) cache.followers.delete(this)
  }

  touched(entry: Entry): void {
    if (this.#upset) return
    this.#touched.add(entry)
    if (this.#touched.size > mostTouched) this.#startAnew()
    this.#onTouch()
  }

  upset(): void {
    this.#startAnew()
    this.#onTouch()
  }

  stated(): void {
    this.#onTouch()
  }

  get columns(): readonly Column[] {
    return this.#columns
  }

  get order(): readonly Member[] {
    return this.#order
  }

  get tally(): Tally {
    return this.#tally
  }

  /** Takes in what happened since the last time. */
  refresh(): void {
    try {
      if (this.#upset) this.#rebuild()
      else if (this.#touched.size > 0) this.#update()
    } catch (error) {
      this.#startAnew()
      throw error
    }
  }

  #startAnew(): void {
    this.#upset = true
    this.#touched.clear()
  }

  /** Rows before text, labels and statuses narrowed them. */
  get all(): number {
    return this.#members.size
  }

  #rebuild(): void {
    const cache = this.#portions.find((it) => it.cache.columns.length > 0)?.cache
    this.#columns = cache?.columns ?? noColumns
    const sort = sortOr(this.#asked.sort, this.#columns)
    this.#compare = comparing(sort)
    this.#keys = keysFor(sort, this.#columns)
    this.#tally = new Tally(cache?.projection.sums ?? [])
    this.#members = new Map()
    const shown: Member[] = []
    const slice = new Slice()
    for (const portion of this.#portions)
      for (const entry of portion.cache.ordered()) {
        slice.check()
        const member = this.#admit(entry)
        if (member?.shown) shown.push(member)
      }
    this.#order = putInOrder(shown, sort, this.#portions.length === 1)
    this.#upset = false
    this.version += 1
  }

  #update(): void {
    // Names have their ranks before anything is compared.
    for (const { cache } of this.#portions) cache.ordered()
    const touched = this.#touched
    this.#touched = new Set()
    const arrived: Member[] = []
    const slice = new Slice()
    let isGapped = false
    for (const entry of touched) {
      slice.check()
      const { left, came } = this.#reconsider(entry)
      if (left) isGapped = left.gone = true
      if (came) arrived.push(came)
    }
    if (isGapped) this.#order = this.#order.filter((it) => !it.gone)
    if (arrived.length > 0)
      this.#order = merge(this.#order, arrived.sort(this.#compare), this.#compare)
    this.version += 1
  }

  /** What leaves the order for a row that changed, and what comes into it. */
  #reconsider(entry: Entry): { left?: Member | undefined; came?: Member | undefined } {
    const old = this.#dismiss(entry)
    const member = entry.cache.has(entry) ? this.#admit(entry) : undefined
    const left = old?.shown ? old : undefined
    const came = member?.shown ? member : undefined
    if (!left || !came || !sameKeys(left.keys, came.keys)) return { left, came }
    // It stays where it is, as the object that stands there.
    this.#members.set(entry, Object.assign(left, came))
    return {}
  }

  #dismiss(entry: Entry): Member | undefined {
    const member = this.#members.get(entry)
    if (!member) return undefined
    this.#members.delete(entry)
    if (member.fits) this.#tally.count(member, -1)
    return member
  }

  #isWanted = ({ status, tone }: ProjectedRow): boolean =>
    (this.#statuses?.has(status) ?? true) && (this.#tones?.has(tone) ?? true)

  /** Counts a row in, if it may be seen. */
  #admit(entry: Entry): Member | undefined {
    const portion = this.#allowed.get(entry.cache)
    if (!portion?.test(entry)) return undefined
    const { row } = entry
    if (this.#asked.owner !== undefined && row.owner !== this.#asked.owner) return undefined
    const fits = this.#tests.every((test) => test(entry))
    const shown = fits && this.#isWanted(row)
    const { source } = portion
    const member: Member = {
      entry,
      source,
      keys: shown ? this.#keys.map((it) => it(entry, source)) : none,
      fits,
      shown,
      gone: false,
      status: row.status,
      tone: row.tone,
      sums: row.sums,
    }
    this.#members.set(entry, member)
    if (fits) this.#tally.count(member, 1)
    return member
  }
}

const none: readonly Key[] = []
const noColumns: readonly Column[] = []

function testsOf({ labels, text }: Asked): Test[] {
  const tests: Test[] = []
  if (labels !== undefined && labels.trim() !== '') {
    const test = readLabels(labels)
    tests.push((it) => test(it.row.labels))
  }
  if (text !== undefined && text.trim() !== '') {
    const test = readWords(text)
    tests.push((it) => test(it.text))
  }
  return tests
}

function allowedTest(allowed: Allowed): Test {
  if (allowed.status === 'all') {
    const except = new Set<string | undefined>(allowed.except)
    return (it) => !except.has(it.place)
  }
  const only = new Set<string | undefined>(allowed.namespaces)
  return (it) => only.has(it.place)
}

const sameKeys = (a: readonly Key[], b: readonly Key[]) =>
  a.length === b.length && a.every((key, at) => key === b[at])

/** Watches over the time that a filter takes: its own, whatever else keeps the machine busy. */
class Slice {
  readonly #began = process.threadCpuUsage()
  #count = 0

  check(): void {
    if ((this.#count += 1) % checkEvery !== 0) return
    const { user, system } = process.threadCpuUsage(this.#began)
    if ((user + system) / 1000 > filterTime)
      throw invalidField('text', 'this takes too long to search for; make it simpler')
  }
}
