import { AppError, invalidField } from '../contract/errors.ts'
import { compilePattern, PatternError } from '../policies/pattern.ts'

/** Characters of a line that a pattern is searched in. */
const searched = 16 * 1024
/** The share of the gateway’s time that one stream’s filter may take, and milliseconds it may take at once. */
const share = 0.5
const atOnce = 1_000

/** Decides which lines travel; upper and lower case are one. Whoever’s pattern takes too long loses it. */
export class LogFilter {
  readonly #test: (text: string) => boolean
  #left = atOnce
  #at = performance.now()

  /** @throws AppError invalid_input */
  constructor(filter: string, isPattern: boolean) {
    this.#test = isPattern ? patternTest(filter) : wordTest(filter)
  }

  lets(text: string): boolean {
    return this.#test(text)
  }

  /** Tells what a round of tests took. @throws AppError when it was too much for too long */
  took(milliseconds: number): void {
    const now = performance.now()
    this.#left = Math.min(atOnce, this.#left + (now - this.#at) * share) - milliseconds
    this.#at = now
    if (this.#left < 0)
      throw new AppError('invalid_input', 'filter: this pattern takes too long to search for')
  }
}

function wordTest(filter: string): (text: string) => boolean {
  const word = filter.toLowerCase()
  return (text) => text.toLowerCase().includes(word)
}

function patternTest(filter: string): (text: string) => boolean {
  try {
    const pattern = compilePattern(filter, { ignoreCase: true })
    return (text) => pattern.test(text.length > searched ? text.slice(0, searched) : text)
  } catch (error) {
    if (error instanceof PatternError) throw invalidField('filter', error.message)
    throw error
  }
}
