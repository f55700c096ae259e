import { Document, isMap, parseDocument } from 'yaml'
import type { KubernetesObject } from '#gateway/place.ts'

const firstFields = ['apiVersion', 'kind', 'metadata', 'spec', 'data', 'stringData']

/** An object as one would write it: the known fields first, the status last, nobody’s bookkeeping. */
export function toYaml(object: KubernetesObject): string {
  const document = new Document(arranged(object))
  return document.toString({ lineWidth: 0 })
}

function arranged(object: KubernetesObject): KubernetesObject {
  const { status, metadata, ...rest } = object
  const { managedFields: _, ...shown } = fieldsOf(metadata)
  const first = firstFields.flatMap((name) => {
    if (name === 'metadata') return metadata === undefined ? [] : [[name, shown] as const]
    return rest[name] === undefined ? [] : [[name, rest[name]] as const]
  })
  const known = new Set(firstFields)
  const others = Object.entries(rest).filter(([name]) => !known.has(name))
  const last = status === undefined ? {} : { status }
  return { ...Object.fromEntries<unknown>([...first, ...others]), ...last }
}

export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

export type Read =
  | { readonly status: 'object'; readonly object: KubernetesObject }
  | { readonly status: 'broken'; readonly line: number; readonly reason: string }

/** What a person wrote, as an object. An alias bomb is refused: a manifest needs a few. */
export function fromYaml(text: string): Read {
  const document = parseDocument(text, { prettyErrors: true })
  const [error] = document.errors
  if (error)
    return {
      status: 'broken',
      line: error.linePos?.[0].line ?? 1,
      reason: error.message.split('\n')[0] ?? '',
    }
  if (!isMap(document.contents)) return { status: 'broken', line: 1, reason: '' }
  try {
    return {
      status: 'object',
      object: document.toJS({ maxAliasCount: 100 }) as KubernetesObject,
    }
  } catch (problem) {
    return { status: 'broken', line: 1, reason: problem instanceof Error ? problem.message : '' }
  }
}
