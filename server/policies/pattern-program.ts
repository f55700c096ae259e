/** A pattern that is no regular expression here, in words for whoever wrote it. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** Ranges of UTF-16 units, both ends included: from, to, from, to. */
export type Ranges = readonly number[]

export type Assertion = 'start' | 'end' | 'word' | 'inside'

/** One step of a program; `next` is where it goes on. */
export type Step =
  | { readonly does: 'take'; readonly ranges: Ranges; next: number }
  | { readonly does: 'fork'; next: number; other: number }
  | { readonly does: 'assert'; readonly what: Assertion; next: number }
  | { readonly does: 'match' }

type Node =
  | { readonly is: 'set'; readonly ranges: Ranges }
  | { readonly is: 'assert'; readonly what: Assertion }
  | { readonly is: 'both'; readonly parts: readonly Node[] }
  | { readonly is: 'either'; readonly parts: readonly Node[] }
  | { readonly is: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }

/** Steps that a pattern may become; the time of a search is at most this for each character. */
const mostSteps = 500
const mostDepth = 50
const lastUnit = 0xffff

const digits: Ranges = [0x30, 0x39]
const words: Ranges = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]
const spaces: Ranges = [9, 13, 32, 32, 0xa0, 0xa0, 0x2000, 0x200a, 0x2028, 0x2029, 0x3000, 0x3000]
const anyOfLine: Ranges = [0, 9, 11, lastUnit]
const classes: Readonly<Record<string, Ranges>> = { d: digits, w: words, s: spaces }
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 }

export const isWord = (unit: number): boolean => holds(words, unit)

export function holds(ranges: Ranges, unit: number): boolean {
  for (let at = 0; at < ranges.length; at += 2)
    if (unit >= (ranges[at] ?? 0) && unit <= (ranges[at + 1] ?? -1)) return true
  return false
}

function allBut(ranges: Ranges): Ranges {
  const pairs: [number, number][] = []
  for (let at = 0; at < ranges.length; at += 2) pairs.push([ranges[at] ?? 0, ranges[at + 1] ?? 0])
  pairs.sort(([a], [b]) => a - b)
  const rest: number[] = []
  let from = 0
  for (const [low, high] of pairs) {
    if (low > from) rest.push(from, low - 1)
    from = Math.max(from, high + 1)
  }
  if (from <= lastUnit) rest.push(from, lastUnit)
  return rest
}

/** Letters of either case; long ranges beyond Latin stay as they are. */
function anyCase(ranges: Ranges): Ranges {
  const wider = [...ranges]
  for (let at = 0; at < ranges.length; at += 2) {
    const from = ranges[at] ?? 0
    const to = Math.min(ranges[at + 1] ?? 0, from + 1000)
    for (let unit = from; unit <= to; unit += 1) {
      const letter = String.fromCharCode(unit)
      for (const other of [letter.toLowerCase(), letter.toUpperCase()])
        if (other.length === 1 && other !== letter)
          wider.push(other.charCodeAt(0), other.charCodeAt(0))
    }
  }
  return wider
}

/** Reads a pattern as JavaScript has it, less what cannot be searched in linear time. */
class Reader {
  readonly #text: string
  readonly #ignoreCase: boolean
  #at = 0
  #depth = 0

  constructor(text: string, ignoreCase: boolean) {
    this.#text = text
    this.#ignoreCase = ignoreCase
  }

  read(): Node {
    const node = this.#either()
    if (this.#at < this.#text.length) throw new PatternError('a bracket is closed too often')
    return node
  }

  #either(): Node {
    this.#depth += 1
    if (this.#depth > mostDepth) throw new PatternError('it is nested too deeply')
    const parts = [this.#both()]
    while (this.#takes('|')) parts.push(this.#both())
    this.#depth -= 1
    return parts.length === 1 ? (parts[0] as Node) : { is: 'either', parts }
  }

  #both(): Node {
    const parts: Node[] = []
    while (this.#at < this.#text.length && !'|)'.includes(this.#peek()))
      parts.push(this.#repeated())
    return parts.length === 1 ? (parts[0] as Node) : { is: 'both', parts }
  }

  #repeated(): Node {
    let part = this.#atom()
    for (;;) {
      const bounds = this.#bounds()
      if (!bounds) return part
      if (part.is === 'assert') throw new PatternError('a place between letters cannot be repeated')
      part = { is: 'repeat', part, least: bounds[0], most: bounds[1] }
      // Which of several matches is found does not matter here.
      this.#takes('?')
    }
  }

  #bounds(): [number, number] | undefined {
    if (this.#takes('*')) return [0, Infinity]
    if (this.#takes('+')) return [1, Infinity]
    if (this.#takes('?')) return [0, 1]
    const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#text.slice(this.#at, this.#at + 16))
    if (!found) return undefined
    this.#at += found[0].length
    const least = Number(found[1])
    const most = found[2] === undefined ? least : found[3] ? Number(found[3]) : Infinity
    if (most < least) throw new PatternError('a repetition ends before it begins')
    return [least, most]
  }

  #atom(): Node {
    const letter = this.#take()
    switch (letter) {
      case '(':
        return this.#group()
      case '[':
        return { is: 'set', ranges: this.#class() }
      case '.':
        return { is: 'set', ranges: anyOfLine }
      case '^':
        return { is: 'assert', what: 'start' }
      case '$':
        return { is: 'assert', what: 'end' }
      case '\\':
        return this.#escaped()
      case '*':
      case '+':
      case '?':
        throw new PatternError(`nothing is there to repeat before ${letter}`)
      default:
        if (letter === '{' && /^\d+(,\d*)?\}/.test(this.#text.slice(this.#at, this.#at + 16)))
          throw new PatternError('nothing is there to repeat before {')
        return this.#set([letter.charCodeAt(0), letter.charCodeAt(0)])
    }
  }

  #set(ranges: Ranges): Node {
    return { is: 'set', ranges: this.#ignoreCase ? anyCase(ranges) : ranges }
  }

  #group(): Node {
    if (this.#takes('?') && !this.#takes(':'))
      throw new PatternError('(?…) is only known as (?:…) here: it could take for ever')
    const node = this.#either()
    if (!this.#takes(')')) throw new PatternError('a ( is not closed')
    return node
  }

  #escaped(): Node {
    const letter = this.#take('a \\ stands at the end')
    if (letter === 'b') return { is: 'assert', what: 'word' }
    if (letter === 'B') return { is: 'assert', what: 'inside' }
    if (/[1-9k]/.test(letter))
      throw new PatternError('references to what was found before are not known here')
    return this.#set(this.#escape(letter))
  }

  #escape(letter: string): Ranges {
    const named = classes[letter]
    if (named) return named
    const other = /[DWS]/.test(letter) ? classes[letter.toLowerCase()] : undefined
    if (other) return allBut(other)
    const code = controls[letter] ?? this.#number(letter) ?? letter.charCodeAt(0)
    if (/[a-zA-Z]/.test(letter) && code === letter.charCodeAt(0))
      throw new PatternError(`\\${letter} is not known here`)
    return [code, code]
  }

  #number(letter: string): number | undefined {
    const length = letter === 'x' ? 2 : letter === 'u' ? 4 : 0
    const hex = this.#text.slice(this.#at, this.#at + length)
    if (length === 0 || !/^[0-9a-fA-F]+$/.test(hex) || hex.length < length) return undefined
    this.#at += length
    return parseInt(hex, 16)
  }

  #class(): Ranges {
    const isOther = this.#takes('^')
    const ranges: number[] = []
    while (!this.#takes(']')) {
      const from = this.#member()
      ranges.push(...(this.#isRange() ? this.#rangeFrom(from) : from))
    }
    const wanted = this.#ignoreCase ? anyCase(ranges) : ranges
    return isOther ? allBut(wanted) : wanted
  }

  #isRange(): boolean {
    const after = this.#text[this.#at + 1]
    return this.#peek() === '-' && after !== undefined && after !== ']'
  }

  #rangeFrom(from: Ranges): Ranges {
    this.#at += 1
    const to = this.#member()
    const [low = 0] = from
    const [, high = 0] = to
    if (from.length !== 2 || to.length !== 2 || high < low)
      throw new PatternError('a range in […] ends before it begins')
    return [low, high]
  }

  #member(): Ranges {
    const letter = this.#take('a [ is not closed')
    if (letter !== '\\') return [letter.charCodeAt(0), letter.charCodeAt(0)]
    const escaped = this.#take('a [ is not closed')
    return escaped === 'b' ? [8, 8] : this.#escape(escaped)
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #take(otherwise = 'it ends too early'): string {
    const letter = this.#text[this.#at]
    if (letter === undefined) throw new PatternError(otherwise)
    this.#at += 1
    return letter
  }

  #takes(letter: string): boolean {
    if (this.#peek() !== letter) return false
    this.#at += 1
    return true
  }
}

/** The program of a pattern; it begins at its last step. @throws PatternError */
export function programOf(text: string, ignoreCase: boolean): readonly Step[] {
  const steps: Step[] = [{ does: 'match' }]
  const add = (step: Step): number => {
    if (steps.length >= mostSteps) throw new PatternError('it is too large')
    return steps.push(step) - 1
  }
  const build = (node: Node, next: number): number => {
    switch (node.is) {
      case 'set':
        return add({ does: 'take', ranges: node.ranges, next })
      case 'assert':
        return add({ does: 'assert', what: node.what, next })
      case 'both':
        return node.parts.reduceRight((after, part) => build(part, after), next)
      case 'either':
        return node.parts
          .map((part) => build(part, next))
          .reduceRight((other, first) => add({ does: 'fork', next: first, other }))
      case 'repeat':
        return repeat(node, next)
    }
  }
  const repeat = ({ part, least, most }: Node & { is: 'repeat' }, next: number): number => {
    let at = next
    if (most === Infinity) {
      const loop: Step = { does: 'fork', next, other: next }
      at = add(loop)
      loop.next = build(part, at)
    } else
      for (let more = least; more < most; more += 1)
        at = add({ does: 'fork', next: build(part, at), other: next })
    for (let more = 0; more < least; more += 1) at = build(part, at)
    return at
  }
  const start = build(new Reader(text, ignoreCase).read(), 0)
  // Always a step of its own, so that the last step is where it begins.
  add({ does: 'fork', next: start, other: start })
  return steps
}
