import type { FromEngine, Report, ToEngine } from '../messages.ts'
import { ReadFailure, type Item, type ItemReader } from '../rows/index.ts'
import type { Cache } from './cache.ts'

type Incoming = Extract<ToEngine, { type: 'start' | 'bytes' | 'end' }>

interface Reading {
  readonly id: number
  readonly reader: ItemReader
  /** A list is under way: what it brings is not whole yet. */
  listing: boolean
  /** The end of a list’s page, told once its last byte was read. */
  page: Extract<Item, { type: 'list' }> | undefined
}

type Finding = {
  -readonly [K in keyof Omit<Report, 'type' | 'feed' | 'reading' | 'bytes'>]: Report[K]
}

interface Bounds {
  readonly rows: number
  readonly weight: number
}

/** Of one feed, and of all together; the thread has memory for twice as much. */
const mostOfOne: Bounds = { rows: 500_000, weight: 600e6 }
const mostOfAll: Bounds = { rows: 2_000_000, weight: 1400e6 }

/** Takes in what clusters send, one reading per feed at a time, and reports how far it has come. */
export class Intake {
  readonly #caches: ReadonlyMap<number, Cache>
  readonly #say: (message: FromEngine) => void
  readonly #most: Bounds
  readonly #readings = new Map<number, Reading>()

  constructor(
    caches: ReadonlyMap<number, Cache>,
    say: (message: FromEngine) => void,
    most = mostOfOne,
  ) {
    this.#caches = caches
    this.#say = say
    this.#most = most
  }

  drop(feed: number): void {
    this.#readings.delete(feed)
  }

  take(message: Incoming): void {
    const { feed, reading } = message
    const cache = this.#caches.get(feed)
    const bytes = message.type === 'bytes' ? message.chunk.length : 0
    if (!cache) return
    if (message.type === 'start') {
      this.#start(cache, message)
      return
    }
    const current = this.#readings.get(feed)
    const finding = current?.id === reading ? this.#read(cache, current, message) : {}
    this.#say({ type: 'read', feed, reading, bytes, ...finding })
  }

  #start(
    cache: Cache,
    { feed, reading: id, form, fresh }: Extract<Incoming, { type: 'start' }>,
  ): void {
    if (fresh) cache.beginList()
    const { projection } = cache
    const reader = form === 'list' ? projection.listReader() : projection.watchReader()
    this.#readings.set(feed, { id, reader, listing: fresh || form === 'list', page: undefined })
  }

  #read(cache: Cache, reading: Reading, message: Exclude<Incoming, { type: 'start' }>): Finding {
    const finding: Finding = {}
    try {
      const { reader } = reading
      const items = message.type === 'bytes' ? reader.push(message.chunk) : reader.end()
      for (const item of items) this.#apply(cache, reading, item, finding)
      if (message.type === 'end' && reading.page)
        this.#endPage(cache, reading, reading.page, finding)
    } catch (error) {
      this.#readings.delete(message.feed)
      if (!(error instanceof ReadFailure)) throw error
      return { failure: error.message }
    }
    if (this.#isTooMuch(cache)) finding.overflow = true
    return finding
  }

  #apply(cache: Cache, reading: Reading, item: Item, finding: Finding): void {
    cache.apply(item)
    switch (item.type) {
      case 'list':
        reading.page = item
        break
      case 'bookmark':
        if (item.initialEnd && reading.listing) {
          reading.listing = false
          cache.endList()
          finding.whole = true
        }
        if (!reading.listing) finding.version = item.version
        break
      case 'added':
      case 'modified':
      case 'deleted':
        if (!reading.listing) finding.version = item.row.version
        break
      case 'error':
        finding.error = { code: item.code, message: item.message }
        break
      case 'columns':
    }
  }

  #endPage(
    cache: Cache,
    reading: Reading,
    item: Extract<Item, { type: 'list' }>,
    finding: Finding,
  ): void {
    if (item.continue !== undefined && item.continue !== '') {
      finding.next = item.continue
      return
    }
    reading.listing = false
    cache.endList()
    finding.version = item.version
    finding.whole = true
  }

  #isTooMuch(cache: Cache): boolean {
    if (cache.rows.size > this.#most.rows || cache.weight > this.#most.weight) return true
    let rows = 0
    let weight = 0
    for (const it of this.#caches.values()) {
      rows += it.rows.size
      weight += it.weight
    }
    return rows > mostOfAll.rows || weight > mostOfAll.weight
  }
}
