import type { FindShape } from './check.ts'
import { cursorAt } from './cursor.ts'
import type { SchemaBook, Shape } from './schema.ts'

export interface Suggestion {
  readonly label: string
  /** What is written in its place. */
  readonly text: string
  readonly detail: string
  readonly info: string
  readonly required: boolean
}

export interface Suggestions {
  readonly from: number
  readonly items: readonly Suggestion[]
}

/** What could be written at a place, by the cluster’s own schema. */
export function suggest(text: string, offset: number, find: FindShape): Suggestions | undefined {
  const cursor = cursorAt(text, offset)
  const found = find(cursor.apiVersion, cursor.kind)
  if (!found || !/^[\w./$-]*$/.test(cursor.word)) return undefined
  const shape = found.book.at(found.shape, cursor.path)
  if (!shape) return undefined
  const items =
    cursor.writes === 'value'
      ? valuesOf(shape)
      : fieldsOfShape(found.book, shape, {
          siblings: cursor.siblings,
          indent: indentOf(text, offset),
        })
  return items.length === 0 ? undefined : { from: cursor.from, items }
}

/** What the schema says about the field under a place. */
export function explain(
  text: string,
  offset: number,
  find: FindShape,
): { readonly path: string; readonly type: string; readonly text: string } | undefined {
  const end = endOfName(text, offset)
  if (end === undefined) return undefined
  const cursor = cursorAt(text, end)
  const found = find(cursor.apiVersion, cursor.kind)
  const shape = found?.book.at(found.shape, cursor.path)
  if (!shape) return undefined
  return { path: pathText(cursor.path), type: typeText(shape), text: shape.description }
}

/** Just behind the colon of the field on a line; undefined beside a name. */
function endOfName(text: string, offset: number): number | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const line = text.slice(start).split('\n', 1)[0] ?? ''
  const name = /^[\s-]*["']?[\w./$-]+["']?:(?= |$)/.exec(line)
  if (!name || offset - start > name[0].length) return undefined
  return start + name[0].length + (line.length > name[0].length ? 1 : 0)
}

export const pathText = (path: readonly (string | number)[]): string =>
  path.map((it, at) => (typeof it === 'number' ? `[${it}]` : at === 0 ? it : `.${it}`)).join('')

const typeText = ({ types, format, values }: Shape): string => {
  const type = [...types].join(' | ')
  if (values.length > 0) return values.map(String).join(' | ')
  return format !== '' && format !== 'int-or-string' ? `${type} (${format})` : type
}

function valuesOf(shape: Shape): Suggestion[] {
  const values = shape.types.has('boolean') ? [true, false] : shape.values
  return values.map((value) => ({
    label: String(value),
    text: String(value),
    detail: '',
    info: '',
    required: false,
  }))
}

function fieldsOfShape(
  book: SchemaBook,
  shape: Shape,
  { siblings, indent }: { siblings: ReadonlySet<string>; indent: string },
): Suggestion[] {
  return [...shape.properties]
    .filter(([name]) => !siblings.has(name))
    .map(([name, schema]) => {
      const inner = book.shape(schema)
      return {
        label: name,
        text: `${name}:${opening(inner, indent)}`,
        detail: typeText(inner),
        info: inner.description,
        required: shape.required.includes(name),
      }
    })
}

/** A map or list goes on in the next line, a value in the same. */
function opening({ types }: Shape, indent: string): string {
  if (types.has('object')) return `\n${indent}  `
  return types.has('array') ? `\n${indent}- ` : ' '
}

const indentOf = (text: string, offset: number): string => {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const lead = /^[\s-]*/.exec(text.slice(start, offset))?.[0] ?? ''
  return lead.replaceAll('-', ' ')
}
