/** Where a cursor stands in a manifest, read from the lines above: the text need not be whole. */
export interface Cursor {
  /** Fields and places of lists down to the map or value that is written. */
  readonly path: readonly (string | number)[]
  /** What is being written: the name of a field, or its value. */
  readonly writes: 'field' | 'value'
  /** What is written of it already, and where that begins. */
  readonly word: string
  readonly from: number
  /** Names that the same map has already. */
  readonly siblings: ReadonlySet<string>
  /** The head of the document. */
  readonly apiVersion: string
  readonly kind: string
}

interface Line {
  readonly indent: number
  /** Dashes before the field, each with its own depth. */
  readonly dashes: readonly number[]
  readonly name: string | undefined
  readonly value: string
}

const shape = /^(\s*)((?:- +|-$)*)(?:(["']?)([\w./$-]+)\3:(?:\s+|$))?(.*)$/

function readLine(text: string): Line {
  const [, space = '', marks = '', , name, rest = ''] = shape.exec(text) ?? []
  const dashes: number[] = []
  for (let at = 0; at < marks.length; at += 1) if (marks[at] === '-') dashes.push(space.length + at)
  return { indent: space.length + marks.length, dashes, name, value: rest }
}

/** Reads where an offset stands. */
export function cursorAt(text: string, offset: number): Cursor {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(start, offset)
  const { first, lines, at } = documentAround(text, start)
  const own = readLine(before)
  const writes = own.name === undefined ? 'field' : 'value'
  const word = own.value
  const depth =
    own.name === undefined && word === '' && own.dashes.length === 0 ? before.length : own.indent
  const path = pathAbove(lines, at, { depth, dashes: own.dashes })
  const head = (name: string) =>
    lines
      .map(readLine)
      .find((it) => it.indent === 0 && it.name === name)
      ?.value.trim() ?? ''
  return {
    path: own.name === undefined ? path : [...path, own.name],
    writes,
    word,
    from: offset - word.length,
    siblings: siblingsOf(lines, at - first, depth),
    apiVersion: head('apiVersion').replaceAll(/["']/g, ''),
    kind: head('kind').replaceAll(/["']/g, ''),
  }
}

/** The lines of the document around a place; `---` parts them. */
function documentAround(text: string, start: number) {
  const all = text.split('\n')
  const at = text.slice(0, start).split('\n').length - 1
  let first = at
  while (first > 0 && !/^---(\s|$)/.test(all[first - 1] ?? '')) first -= 1
  let last = at
  while (last + 1 < all.length && !/^---(\s|$)/.test(all[last + 1] ?? '')) last += 1
  return { first, lines: all.slice(first, last + 1), at: at - first }
}

const isEmpty = (line: string) => /^\s*(#.*)?$/.test(line)

/** Walks up to ever smaller depths; a dash on the way is a place in a list. */
function pathAbove(
  lines: readonly string[],
  at: number,
  from: { depth: number; dashes: readonly number[] },
): (string | number)[] {
  const climb: Climb = { lines, path: [], depth: from.depth, inList: false }
  enterDashes(climb, at, from.dashes)
  for (let line = at - 1; line >= 0 && (climb.depth > 0 || climb.inList); line -= 1) {
    if (isEmpty(lines[line] ?? '')) continue
    const it = readLine(lines[line] ?? '')
    if (it.name !== undefined && holds(it, climb)) {
      climb.path.unshift(it.name)
      climb.depth = it.indent
      climb.inList = false
    }
    enterDashes(
      climb,
      line,
      it.dashes.filter((dash) => dash < climb.depth),
    )
  }
  return climb.path
}

interface Climb {
  readonly lines: readonly string[]
  readonly path: (string | number)[]
  depth: number
  /** The last step was a place in a list, so that a field holds it that may stand as deep. */
  inList: boolean
}

const holds = ({ indent, dashes }: Line, { depth, inList }: Climb) =>
  indent < depth || (inList && indent === depth && dashes.length === 0)

function enterDashes(climb: Climb, line: number, dashes: readonly number[]): void {
  for (const dash of [...dashes].reverse()) {
    climb.path.unshift(countBefore(climb.lines, line, dash))
    climb.depth = dash
    climb.inList = true
  }
}

/** How many entries of the same list stand above. */
function countBefore(lines: readonly string[], at: number, dash: number): number {
  let count = 0
  for (let line = at - 1; line >= 0; line -= 1) {
    const text = lines[line] ?? ''
    if (isEmpty(text)) continue
    const it = readLine(text)
    if (it.dashes.includes(dash)) count += 1
    else if (
      it.indent - (it.dashes.length > 0 ? 2 : 0) < dash ||
      (it.indent === dash && it.dashes.length === 0)
    )
      break
  }
  return count
}

function siblingsOf(lines: readonly string[], at: number, depth: number): ReadonlySet<string> {
  const names = new Set<string>()
  const look = (from: number, step: number) => {
    for (let line = from; line >= 0 && line < lines.length; line += step) {
      const text = lines[line] ?? ''
      if (isEmpty(text)) continue
      const it = readLine(text)
      if (step > 0 && it.dashes.some((dash) => dash < depth)) return
      if (it.indent < depth) return
      if (it.indent === depth && it.name !== undefined) names.add(it.name)
      if (it.dashes.some((dash) => dash < depth)) return
    }
  }
  look(at - 1, -1)
  look(at + 1, 1)
  return names
}
