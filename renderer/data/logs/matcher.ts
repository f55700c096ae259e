/** What is looked for in lines. */
export interface Query {
  readonly text: string
  /** A regular expression. */
  readonly pattern: boolean
  readonly matchCase: boolean
}

export type Mark = readonly [from: number, to: number]

export interface Matcher {
  test(line: string): boolean
  /** Where in a line it is found, for a highlight. */
  marks(line: string): Mark[]
  /** Set where many lines joined by newlines can be searched at once. */
  readonly joined?: (text: string, found: (at: number) => void) => void
}

export type Compiled =
  | { readonly status: 'ready'; readonly matcher: Matcher }
  | { readonly status: 'bad'; readonly reason: string }

const most = { marks: 200, tested: 65_536 }

/** Makes a matcher, or says what is wrong with the pattern. */
export function compile(query: Query): Compiled {
  try {
    return { status: 'ready', matcher: query.pattern ? patternMatcher(query) : textMatcher(query) }
  } catch (error) {
    return { status: 'bad', reason: error instanceof Error ? error.message : String(error) }
  }
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function textMatcher({ text, matchCase }: Query): Matcher {
  const finder = new RegExp(literally(text), matchCase ? 'g' : 'gi')
  const test = matchCase
    ? (line: string) => line.includes(text)
    : (line: string) => ((finder.lastIndex = 0), finder.test(line))
  const joined = matchCase
    ? (all: string, found: (at: number) => void) => {
        for (let at = all.indexOf(text); at >= 0; at = all.indexOf(text, at + 1)) found(at)
      }
    : (all: string, found: (at: number) => void) => {
        finder.lastIndex = 0
        for (let hit = finder.exec(all); hit; hit = finder.exec(all)) found(hit.index)
      }
  return { test, marks: marksOf(finder), joined }
}

/** Line by line: an expression like `\s+` would otherwise run over the end of its line. */
function patternMatcher({ text, matchCase }: Query): Matcher {
  const finder = new RegExp(text, matchCase ? 'g' : 'gi')
  const once = new RegExp(text, matchCase ? '' : 'i')
  const head = (line: string) => (line.length > most.tested ? line.slice(0, most.tested) : line)
  return { test: (line) => once.test(head(line)), marks: marksOf(finder) }
}

const marksOf = (finder: RegExp) => (line: string) => {
  const marks: Mark[] = []
  finder.lastIndex = 0
  for (let hit = finder.exec(line); hit && marks.length < most.marks; hit = finder.exec(line)) {
    const [found] = hit
    if (found === '') finder.lastIndex += 1
    else marks.push([hit.index, hit.index + found.length])
  }
  return marks
}
