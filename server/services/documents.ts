import {
  isAlias,
  isScalar,
  Lexer,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
} from 'yaml'
import { AppError } from '../contract/errors.ts'
import type { KubernetesObject } from '../contract/place.ts'

/** One object of an apply, as it was written. */
export interface Written {
  /** Of the document it stands in, from 0; items of a List share their document’s. */
  readonly index: number
  readonly object: KubernetesObject
}

/** What may be read of one apply. */
const mostObjects = 200
const mostAliases = 100
const deepest = 100
/** Words, marks and gaps. An honest text of the largest size has half as many; a parser’s memory is their number. */
const mostTokens = 300_000

/**
 * Reads the documents of an apply. Costs time for a text that was made to: see `readDocumentsApart`.
 * @throws AppError invalid_input naming the document, before anything is written.
 */
export function readDocuments(text: string): Written[] {
  refuseTooMuch(text)
  const lines = new LineCounter()
  const documents = parse(text, lines)
  const written: Written[] = []
  for (const [index, document] of documents.entries()) {
    const value = valueOf(document, index, lines)
    if (value === null || value === undefined) continue
    for (const object of unfolded(value, index))
      written.push({ index, object: checked(object, index) })
    if (written.length > mostObjects) throw wrong(index, `at most ${mostObjects} objects at a time`)
  }
  if (written.length === 0)
    throw new AppError('invalid_input', 'documents: there is no object in it')
  return written
}

/** Counted before anything is built of them: a heap that is full ends the whole process, whichever thread filled it. */
function refuseTooMuch(text: string): void {
  let tokens = 0
  for (const _ of new Lexer().lex(text)) {
    tokens += 1
    if (tokens > mostTokens)
      throw new AppError(
        'invalid_input',
        'documents: there is too much in it to be applied at a time',
      )
  }
}

function parse(text: string, lines: LineCounter): readonly Document.Parsed[] {
  try {
    // The parser’s own check for doubled keys compares each with each, its pretty errors copy the text.
    const options = { uniqueKeys: false, logLevel: 'silent', prettyErrors: false } as const
    const documents = parseAllDocuments(text, { ...options, lineCounter: lines })
    return Array.isArray(documents) ? documents : []
  } catch (error) {
    // Nothing but a depth that no object has ends up here.
    throw new AppError('invalid_input', 'documents: this cannot be read as YAML', { cause: error })
  }
}

function valueOf(document: Document.Parsed, index: number, lines: LineCounter): unknown {
  const [error] = document.errors
  if (error) throw wrong(index, `line ${lines.linePos(error.pos[0]).line}: ${error.message}`)
  inspect(document, index)
  try {
    return document.toJS({ maxAliasCount: mostAliases })
  } catch (cause) {
    throw new AppError('invalid_input', `documents.${index}: its aliases cannot be resolved`, {
      cause,
    })
  }
}

/** What YAML allows and an object of Kubernetes never is. */
function inspect(document: Document.Parsed, index: number): void {
  visit(document, {
    Node: (_, __, path) => {
      if (path.length > deepest * 2) throw wrong(index, 'it is nested too deep')
    },
    Map: (_, map) => {
      const keys = new Set<string>()
      for (const { key } of map.items) {
        if (!isScalar(key) || isAlias(key)) throw wrong(index, 'a key is not a word')
        const name = String(key.value)
        if (keys.has(name)) throw wrong(index, `the key "${name.slice(0, 100)}" stands there twice`)
        keys.add(name)
      }
    },
  })
}

const isObject = (value: unknown): value is KubernetesObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The items of a List, which is no object of its own. */
function unfolded(value: unknown, index: number): readonly unknown[] {
  if (!isObject(value)) throw wrong(index, 'this is not an object of Kubernetes')
  const { kind, items } = value
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : [value]
}

function checked(value: unknown, index: number): KubernetesObject {
  if (!isObject(value)) throw wrong(index, 'this is not an object of Kubernetes')
  for (const field of ['apiVersion', 'kind'])
    if (typeof value[field] !== 'string' || value[field] === '')
      throw wrong(index, `${field} is missing`)
  const { metadata } = value
  const name = isObject(metadata) ? metadata['name'] : undefined
  if (typeof name !== 'string' || name === '')
    throw wrong(index, 'metadata.name is missing; what has no name cannot be applied')
  return value
}

function wrong(index: number, what: string): AppError {
  const field = `documents.${index}`
  return new AppError('invalid_input', `${field}: ${what}`, { fields: { [field]: what } })
}
