import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type ParsedNode,
  type YAMLMap,
} from 'yaml'
import { conflictsIn } from './merge.ts'
import type { SchemaBook, Shape } from './schema.ts'

/** Something wrong at a place in the text; the screen has the words. */
export interface Problem {
  readonly from: number
  readonly to: number
  readonly grave: boolean
  readonly what:
    | { readonly kind: 'syntax'; readonly reason: string }
    | { readonly kind: 'conflict' }
    | { readonly kind: 'unknown'; readonly field: string; readonly near: string | undefined }
    | { readonly kind: 'type'; readonly field: string; readonly expected: string }
    | { readonly kind: 'value'; readonly field: string; readonly allowed: string }
    | { readonly kind: 'missing'; readonly field: string }
}

/** The schema of a document, by what it calls itself; undefined while it is not known. */
export type FindShape = (
  apiVersion: string,
  kind: string,
) => { readonly book: SchemaBook; readonly shape: Shape } | undefined

const most = 200

/** Reads the documents of a text and compares them with the cluster’s schemas. */
export function check(text: string, find: FindShape): Problem[] {
  const conflicts = conflictProblems(text)
  if (conflicts.length > 0) return conflicts
  const problems: Problem[] = []
  for (const document of parseAllDocuments(text)) {
    problems.push(...syntaxProblems(document))
    if (document.errors.length > 0 || !isMap(document.contents)) continue
    const found = find(...titleOf(document))
    if (found) new Checker(found.book, problems).node(document.contents, found.shape, '')
  }
  return problems.slice(0, most)
}

function titleOf(document: Document.Parsed | Document): [apiVersion: string, kind: string] {
  const { contents } = document
  const text = (name: string) => {
    const value = isMap(contents) ? contents.get(name) : undefined
    return typeof value === 'string' ? value : ''
  }
  return [text('apiVersion'), text('kind')]
}

function conflictProblems(text: string): Problem[] {
  const lines = text.split('\n')
  const starts: number[] = [0]
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1)
  return conflictsIn(text).map(({ first }) => ({
    from: starts[first] ?? 0,
    to: (starts[first] ?? 0) + (lines[first]?.length ?? 0),
    grave: true,
    what: { kind: 'conflict' },
  }))
}

function syntaxProblems({ errors }: Document.Parsed): Problem[] {
  return errors.map(({ pos, message }) => ({
    from: pos[0],
    to: Math.max(pos[1], pos[0] + 1),
    grave: true,
    what: { kind: 'syntax', reason: message.split(' at line ')[0] ?? message },
  }))
}

class Checker {
  readonly #book: SchemaBook
  readonly #problems: Problem[]

  constructor(book: SchemaBook, problems: Problem[]) {
    this.#book = book
    this.#problems = problems
  }

  node(node: ParsedNode | Node | null, shape: Shape, field: string): void {
    // The cluster drops what is null; what an alias stands for was looked at where it is written.
    if (!node || isAlias(node) || (isScalar(node) && node.value === null)) return
    if (!fits(node, shape)) {
      this.#add(node, { kind: 'type', field, expected: [...shape.types].join(' or ') })
      return
    }
    if (isMap(node)) this.#map(node, shape, field)
    else if (isSeq(node)) this.#list(node.items, shape, field)
    else if (isScalar(node)) this.#value(node, shape, field)
  }

  #map(map: YAMLMap, shape: Shape, field: string): void {
    const seen = new Set<string>()
    for (const { key, value } of map.items) {
      if (!isScalar(key)) continue
      const name = String(key.value)
      seen.add(name)
      const inner = this.#book.field(shape, name)
      const path = field === '' ? name : `${field}.${name}`
      if (inner) this.node(value as Node | null, inner, path)
      else if (!shape.open)
        this.#add(key, {
          kind: 'unknown',
          field: path,
          near: nearest(name, shape.properties.keys()),
        })
    }
    const place = map.items[0]?.key
    for (const name of shape.required)
      if (!seen.has(name))
        this.#add(isScalar(place) ? place : map, { kind: 'missing', field: name })
  }

  #list(items: readonly unknown[], shape: Shape, field: string): void {
    if (shape.items === undefined) return
    const inner = this.#book.shape(shape.items)
    for (const [at, item] of items.entries())
      this.node(item as Node | null, inner, `${field}[${at}]`)
  }

  #value(node: Node & { value: unknown }, shape: Shape, field: string): void {
    if (shape.values.length === 0 || shape.values.includes(node.value)) return
    this.#add(node, { kind: 'value', field, allowed: shape.values.map(String).join(', ') })
  }

  #add(node: Node, what: Problem['what']): void {
    const [from = 0, to = from] = node.range ?? []
    this.#problems.push({ from, to: Math.max(to, from + 1), grave: what.kind !== 'value', what })
  }
}

/** Whether a node is of one of the types; the cluster takes an integer where a number is asked for. */
function fits(node: Node, { types }: Shape): boolean {
  if (types.size === 0) return true
  const type = typeOfNode(node)
  return types.has(type) || (type === 'integer' && types.has('number'))
}

function typeOfNode(node: Node): string {
  if (isMap(node)) return 'object'
  if (isSeq(node)) return 'array'
  const value: unknown = isScalar(node) ? node.value : undefined
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'bigint' ? 'integer' : typeof value
}

/** The field that was probably meant: one that differs by a letter or two. */
function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined
  for (const it of known) {
    if (Math.abs(it.length - name.length) > 2) continue
    const distance = distanceOf(name.toLowerCase(), it.toLowerCase())
    if (distance <= 2 && distance < (best?.distance ?? 3)) best = { name: it, distance }
  }
  return best?.name
}

function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] ?? 0
}
