import type { Tone } from '../../contract/place.ts'
import type { ViewUpdate } from '../../contract/views.ts'
import type { Member } from './sorting.ts'

const worst: readonly Tone[] = ['failed', 'warning', 'progress', 'ending', 'ok', 'done']

type Tones = Map<Tone, number>

/** Numbers over all rows that fit, kept while rows come and go. */
export class Tally {
  readonly #names: readonly string[]
  readonly #facets = new Map<string, Tones>()
  readonly #tones: Tones = new Map()
  readonly #sums: number[]
  total = 0

  constructor(names: readonly string[]) {
    this.#names = names
    this.#sums = names.map(() => 0)
  }

  /** `sign` is -1 for what leaves. */
  count(member: Member, sign: 1 | -1): void {
    this.#countTone(member, sign)
    if (!member.shown) return
    this.total += sign
    const { sums } = member
    if (sums)
      for (let at = 0; at < this.#sums.length; at += 1) this.#add(at, sign * (sums[at] ?? 0))
  }

  get facets(): ViewUpdate['facets'] {
    const facets = [...this.#facets].map(([status, its]) => ({
      status,
      tone: mostOf(its),
      count: [...its.values()].reduce((sum, it) => sum + it, 0),
    }))
    return facets.sort(
      (a, b) =>
        worst.indexOf(a.tone) - worst.indexOf(b.tone) ||
        b.count - a.count ||
        (a.status < b.status ? -1 : 1),
    )
  }

  get tones(): ViewUpdate['tones'] {
    return Object.fromEntries(this.#tones)
  }

  get sums(): ViewUpdate['sums'] {
    return Object.fromEntries(this.#names.map((name, at) => [name, this.#sums[at] ?? 0]))
  }

  #countTone({ status, tone }: Member, sign: 1 | -1): void {
    step(this.#tones, tone, sign)
    if (status === '') return
    const facet = this.#facets.get(status) ?? new Map<Tone, number>()
    step(facet, tone, sign)
    if (facet.size > 0) this.#facets.set(status, facet)
    else this.#facets.delete(status)
  }

  #add(at: number, value: number): void {
    this.#sums[at] = (this.#sums[at] ?? 0) + value
  }
}

function step(tones: Tones, tone: Tone, sign: 1 | -1): void {
  const count = (tones.get(tone) ?? 0) + sign
  if (count === 0) tones.delete(tone)
  else tones.set(tone, count)
}

/** The tone of most; of several that are as many the worst. */
function mostOf(tones: Tones): Tone {
  const most = Math.max(...tones.values())
  return worst.find((it) => tones.get(it) === most) ?? 'done'
}
