import { isMap, isScalar, isSeq, parseDocument, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import type { KubernetesObject } from '#gateway/place.ts'
import { fieldsOf } from './manifest.ts'

/** Who set fields of an object, as the cluster keeps it. */
export interface Owner {
  readonly manager: string
  readonly operation: string
  readonly at: string | undefined
  readonly subresource: string | undefined
  readonly fields: Readonly<Record<string, unknown>>
}

export type Path = readonly (string | number)[]

function ownersOf(object: KubernetesObject): Owner[] {
  const entries = fieldsOf(object['metadata'])['managedFields']
  if (!Array.isArray(entries)) return []
  return entries.map((entry) => {
    const it = fieldsOf(entry)
    const text = (name: string) => (typeof it[name] === 'string' ? it[name] : undefined)
    return {
      manager: text('manager') ?? '',
      operation: text('operation') ?? '',
      at: text('time'),
      subresource: text('subresource'),
      fields: fieldsOf(it['fieldsV1']),
    }
  })
}

/** The part of a set of fields below one step, by the value that stands there. */
function below(fields: Readonly<Record<string, unknown>>, step: string | number, value: unknown) {
  if (typeof step === 'string') return inside(fields, `f:${step}`)
  for (const name of Object.keys(fields)) {
    if (name.startsWith('k:') && hasKeys(value, name.slice(2))) return inside(fields, name)
    if (name.startsWith('v:') && JSON.stringify(value) === name.slice(2)) return {}
  }
  return inside(fields, `i:${step}`)
}

const inside = (fields: Readonly<Record<string, unknown>>, name: string) =>
  Object.hasOwn(fields, name) ? fieldsOf(fields[name]) : undefined

/** An entry of a list is known by some of its fields: `k:{"name":"web"}`. */
function hasKeys(value: unknown, keys: string): boolean {
  const wanted = parsed(keys)
  const own = fieldsOf(value)
  return Object.entries(wanted).every(([name, it]) => own[name] === it)
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return {}
  }
}

/** Who owns the value at a path: it itself, or the whole that it is part of. */
function ownersAt(owners: readonly Owner[], object: unknown, path: Path): Owner[] {
  return owners.filter(({ fields }) => {
    let rest: Readonly<Record<string, unknown>> | undefined = fields
    let value = object
    for (const step of path) {
      value = typeof step === 'number' ? listOf(value)[step] : fieldsOf(value)[step]
      const next = below(rest, step, value)
      if (!next) return isWhole(rest)
      rest = next
    }
    return true
  })
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A set without anything below owns all that stands there. */
const isWhole = (fields: Readonly<Record<string, unknown>>) => Object.keys(fields).length === 0

/**
 * The owners of each line of a manifest, lines from 1. Only the last parts of a path are told: the leaves.
 * Undefined where the text cannot be read now.
 */
export function ownersByLine(
  text: string,
  object: KubernetesObject,
): Map<number, Owner[]> | undefined {
  const lines = new Map<number, Owner[]>()
  const owners = ownersOf(object)
  const { contents, errors } = parseDocument(text)
  if (errors.length > 0 || !isMap(contents)) return undefined
  if (owners.length === 0) return lines
  const starts = lineStarts(text)
  const told = (node: Node, path: Path) => {
    const found = ownersAt(owners, object, path)
    if (found.length > 0) lines.set(lineOf(starts, node.range?.[0] ?? 0), found)
  }
  walk(contents, [], told)
  return lines
}

type Tell = (node: Node, path: Path) => void

function walk(node: YAMLMap | YAMLSeq, path: Path, tell: Tell): void {
  if (isMap(node))
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const here = [...path, String(key.value)]
      if (isInner(value)) walk(value, here, tell)
      else tell(key, here)
    }
  else
    for (const [at, item] of node.items.entries()) {
      const here = [...path, at]
      if (isInner(item)) walk(item, here, tell)
      else if (isScalar(item)) tell(item, here)
    }
}

const isInner = (value: unknown): value is YAMLMap | YAMLSeq =>
  (isMap(value) || isSeq(value)) && value.items.length > 0

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** Fields that differ, down to the smallest part; lists of maps are compared by their places. */
function changedPaths(before: unknown, after: unknown, path: Path = []): Path[] {
  if (Object.is(before, after)) return []
  if (Array.isArray(before) && Array.isArray(after))
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) =>
      changedPaths(before[at], after[at], [...path, at]),
    ).flat()
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((name) => changedPaths(before[name], after[name], [...path, name]))
  }
  return [path]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export interface TakenOver {
  readonly manager: string
  readonly path: Path
}

/** What the cluster moves by itself with every write. */
const counters = new Set([
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.managedFields',
])

/** Fields of others that a change touches; `own` is the name by which we write. */
export function touches(live: KubernetesObject, after: KubernetesObject, own: string): TakenOver[] {
  const owners = ownersOf(live).filter(({ manager }) => manager !== own)
  return changedPaths(withoutManaged(live), withoutManaged(after))
    .filter((path) => path[0] !== 'status' && !counters.has(path.slice(0, 2).join('.')))
    .flatMap((path) => ownersAt(owners, live, path).map(({ manager }) => ({ manager, path })))
}

function withoutManaged(object: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...metadata } = fieldsOf(object['metadata'])
  return { ...object, metadata }
}
