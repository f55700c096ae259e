import { invalidField } from '../../contract/errors.ts'
import { compilePattern, PatternError } from '../../policies/pattern.ts'

/** Asked of a row’s words in lower case, one cell a line. */
export type TextTest = (text: string) => boolean

const mostWords = 20

/**
 * Reads what a person types into the filter: words that all must be found, `!word` that must not,
 * `/pattern/` as a regular expression.
 * @throws AppError invalid_input
 */
export function readWords(text: string): TextTest {
  const tests = [...text.matchAll(/(!?)(?:\/((?:[^/\\]|\\.)+)\/(?=\s|$)|(\S+))/g)].map(readWord)
  if (tests.length > mostWords) throw invalidField('text', `more than ${mostWords} words`)
  return (row) => tests.every((it) => it(row))
}

function readWord([, not, pattern, word = '']: RegExpExecArray): TextTest {
  const test = pattern === undefined ? containing(word.toLowerCase()) : inOneCell(pattern)
  return not === '!' ? (row) => !test(row) : test
}

const containing =
  (word: string): TextTest =>
  (row) =>
    row.includes(word)

/** A pattern is searched in each cell by itself: `^` and `$` are a cell’s ends. */
function inOneCell(source: string): TextTest {
  const pattern = compile(source)
  return (row) => {
    let from = 0
    for (let to = row.indexOf('\n'); to >= 0; to = row.indexOf('\n', from)) {
      if (pattern.test(row.slice(from, to))) return true
      from = to + 1
    }
    return pattern.test(row.slice(from))
  }
}

function compile(source: string) {
  try {
    return compilePattern(source, { ignoreCase: true })
  } catch (error) {
    if (error instanceof PatternError) throw invalidField('text', error.message)
    throw error
  }
}
