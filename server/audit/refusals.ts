import { isIPv6 } from 'node:net'
import type { Attempt } from './attempt.ts'

const minute = 60_000
/** Told in full, per source and minute; what comes on top is counted. */
const perSource = 20
/** Told in full, per person and minute: far more than a person’s programs are refused by mistake. */
const perPerson = 1000
/** Told in full from all sources together: many addresses are cheap too. */
const overall = 600
const mostSources = 10_000
const otherSources = 'other sources'

interface Counted {
  /** What the records of one kind have in common: whose they are, and how they ended. */
  readonly whose: Pick<Attempt, 'result' | 'source' | 'person' | 'personId'>
  seen: number
  counted: number
}

/**
 * Keeps strangers from filling the disk: what is refused to one source many times a minute becomes
 * one record that says how often, and so does what is refused to one person. Nothing is left out of the count.
 */
export class Refusals {
  readonly #tell: (attempt: Attempt) => void
  readonly #newId: () => string
  #sources = new Map<string, Counted>()
  #seen = 0
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (attempt: Attempt) => void, newId: () => string) {
    this.#tell = tell
    this.#newId = newId
  }

  /** Whether this one is told in full; else it is counted. */
  isToldInFull(attempt: Attempt): boolean {
    this.#timer ??= setTimeout(() => this.flush(), minute)
    const counted = this.#countOf(attempt)
    if (this.#isSeldom(attempt, counted)) return true
    counted.counted++
    return false
  }

  /** Tells what was counted, and begins a new minute. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const sources = this.#sources
    this.#sources = new Map()
    this.#seen = 0
    for (const { whose, counted } of sources.values()) {
      if (counted === 0) continue
      const detail = { count: String(counted) }
      const reason =
        whose.personId === undefined
          ? 'so many more attempts without a valid session from this source in a minute'
          : 'so many more attempts of this person in a minute'
      this.#tell({ id: this.#newId(), action: 'refusals', ...whose, reason, detail })
    }
  }

  #isSeldom({ personId }: Attempt, counted: Counted): boolean {
    if (personId !== undefined) return ++counted.seen <= perPerson
    return ++this.#seen <= overall && ++counted.seen <= perSource
  }

  #countOf({ source = 'unknown', result, person, personId }: Attempt): Counted {
    const network = isIPv6(source) ? networkOf(source) : source
    const whose = personId === undefined ? { source: network } : { personId, person }
    const own = JSON.stringify([result, whose])
    const isKnown = this.#sources.has(own) || this.#sources.size < mostSources
    const key = isKnown ? own : otherSources
    const counted = this.#sources.get(key) ?? {
      whose: isKnown ? { result, ...whose } : { result: 'unknown' as const, source: otherSources },
      seen: 0,
      counted: 0,
    }
    this.#sources.set(key, counted)
    return counted
  }
}

/** One house gets a /64: its addresses are one source. IPv4 in IPv6 stays one address. */
function networkOf(address: string): string {
  const text = new URL(`http://[${address.split('%', 1)[0] ?? ''}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(text)
  if (mapped) return text
  const [head = '', tail] = text.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from(
    { length: tail === undefined ? 0 : 8 - left.length - right.length },
    () => '0',
  )
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}
