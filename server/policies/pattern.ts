import { holds, isWord, programOf, type Assertion, type Step } from './pattern-program.ts'

export { PatternError } from './pattern-program.ts'

/** A regular expression whose search takes time in proportion to the text, whoever wrote it. */
export interface Pattern {
  test(text: string): boolean
}

/**
 * Compiles what people may type: JavaScript’s syntax without look-around and back references, over UTF-16
 * units. JavaScript’s own would let one person stop the gateway with `(a+)+$`. @throws PatternError
 */
export function compilePattern(text: string, { ignoreCase = false } = {}): Pattern {
  return new Machine(programOf(text, ignoreCase))
}

/** Where all threads of a program stand between two units, and what came before. */
interface State {
  readonly threads: readonly number[]
  readonly isStart: boolean
  readonly afterWord: boolean
  /** By the class of the unit that follows; -1 is a match, -2 not known yet. */
  readonly next: Int32Array
  /** Whether it is a match when nothing follows. */
  ends: boolean | undefined
}

/** States that are kept; a pattern that has more finds them again. */
const mostStates = 1000
const matched = -1
const unknown = -2

class Machine implements Pattern {
  readonly #steps: readonly Step[]
  readonly #begin: number
  /** Where a new class of units begins; units of one class are told apart by nothing in the program. */
  readonly #borders: readonly number[]
  readonly #ascii = new Uint16Array(128)
  #states: State[] = []
  #ids = new Map<string, number>()

  constructor(steps: readonly Step[]) {
    this.#steps = steps
    this.#begin = steps.length - 1
    this.#borders = bordersOf(steps)
    for (let unit = 0; unit < 128; unit += 1) this.#ascii[unit] = this.#find(unit)
  }

  test(text: string): boolean {
    let at = this.#id([], true, false)
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index)
      const kind = unit < 128 ? (this.#ascii[unit] ?? 0) : this.#find(unit)
      const next = this.#states[at]?.next[kind] ?? unknown
      at = next === unknown ? this.#advance(at, kind) : next
      if (at === matched) return true
    }
    return this.#endsAt(at)
  }

  /** The class of a unit: the last border at or before it. */
  #find(unit: number): number {
    let low = 0
    let high = this.#borders.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#borders[middle] ?? 0) <= unit) low = middle
      else high = middle - 1
    }
    return low
  }

  #advance(at: number, kind: number): number {
    const state = this.#states[at]
    if (!state) return matched
    const unit = this.#borders[kind] ?? 0
    const beforeWord = isWord(unit)
    const here = this.#reach(state, beforeWord, false)
    let next = matched
    if (here !== 'match') {
      const threads: number[] = []
      for (const thread of here) {
        const step = this.#steps[thread]
        if (step?.does === 'take' && holds(step.ranges, unit)) threads.push(step.next)
      }
      next = this.#id(threads, false, beforeWord)
    }
    // The states may just have been forgotten, this one with them.
    if (this.#states[at] === state) state.next[kind] = next
    return next
  }

  #endsAt(at: number): boolean {
    const state = this.#states[at]
    if (!state) return false
    state.ends ??= this.#reach(state, false, true) === 'match'
    return state.ends
  }

  /** All steps that take a unit and can be reached from here without one. A search may begin anywhere. */
  #reach(state: State, beforeWord: boolean, isEnd: boolean): readonly number[] | 'match' {
    const seen = new Uint8Array(this.#steps.length)
    const open = [this.#begin, ...state.threads]
    const found: number[] = []
    const holdsHere = (what: Assertion) => {
      if (what === 'start') return state.isStart
      if (what === 'end') return isEnd
      return (state.afterWord !== beforeWord) === (what === 'word')
    }
    for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
      if (seen[thread] === 1) continue
      seen[thread] = 1
      const step = this.#steps[thread]
      if (step?.does === 'match') return 'match'
      if (step?.does === 'take') found.push(thread)
      else if (step?.does === 'fork') open.push(step.next, step.other)
      else if (step && holdsHere(step.what)) open.push(step.next)
    }
    return found
  }

  #id(threads: readonly number[], isStart: boolean, afterWord: boolean): number {
    const sorted = [...new Set(threads)].sort((a, b) => a - b)
    const key = `${isStart ? 1 : 0}${afterWord ? 1 : 0},${sorted.join()}`
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    if (this.#states.length >= mostStates) {
      this.#states = []
      this.#ids = new Map()
    }
    const next = new Int32Array(this.#borders.length).fill(unknown)
    const id = this.#states.push({ threads: sorted, isStart, afterWord, next, ends: undefined }) - 1
    this.#ids.set(key, id)
    return id
  }
}

/** Every place in the alphabet where some step, or the question what a word is, begins to answer otherwise. */
function bordersOf(steps: readonly Step[]): readonly number[] {
  const borders = new Set([0, 0x30, 0x3a, 0x41, 0x5b, 0x5f, 0x60, 0x61, 0x7b])
  for (const step of steps) {
    if (step.does !== 'take') continue
    step.ranges.forEach((unit, at) => borders.add(at % 2 === 0 ? unit : unit + 1))
  }
  return [...borders].filter((it) => it <= 0xffff).sort((a, b) => a - b)
}
