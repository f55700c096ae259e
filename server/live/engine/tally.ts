import type { Tone } from '../../contract/place.ts'
import type { ViewUpdate } from '../../contract/views.ts'
import type { Member } from './sorting.ts'

const worst: readonly Tone[] = ['failed', 'warning', 'progress', 'ending', 'ok', 'done']

interface Count {
  tone: Tone
  count: number
}

/** Numbers over all rows that fit, kept while rows come and go. */
export class Tally {
  readonly #names: readonly string[]
  readonly #facets = new Map<string, Count>()
  readonly #sums: number[]
  total = 0

  constructor(names: readonly string[]) {
    this.#names = names
    this.#sums = names.map(() => 0)
  }

  /** `sign` is -1 for what leaves. */
  count(member: Member, sign: 1 | -1): void {
    this.#countStatus(member, sign)
    if (!member.shown) return
    this.total += sign
    const { sums } = member
    if (sums)
      for (let at = 0; at < this.#sums.length; at += 1) this.#add(at, sign * (sums[at] ?? 0))
  }

  get facets(): ViewUpdate['facets'] {
    const facets = [...this.#facets].map(([status, it]) => ({ status, ...it }))
    return facets.sort(
      (a, b) =>
        worst.indexOf(a.tone) - worst.indexOf(b.tone) ||
        b.count - a.count ||
        (a.status < b.status ? -1 : 1),
    )
  }

  get sums(): ViewUpdate['sums'] {
    return Object.fromEntries(this.#names.map((name, at) => [name, this.#sums[at] ?? 0]))
  }

  #countStatus({ status, entry }: Member, sign: 1 | -1): void {
    if (status === '') return
    const facet = this.#facets.get(status)
    if (!facet) this.#facets.set(status, { tone: entry.row.tone, count: sign })
    else {
      facet.count += sign
      if (sign === 1) facet.tone = entry.row.tone
      if (facet.count === 0) this.#facets.delete(status)
    }
  }

  #add(at: number, value: number): void {
    this.#sums[at] = (this.#sums[at] ?? 0) + value
  }
}
