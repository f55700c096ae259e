import type { KubernetesObject } from '#gateway/place.ts'
import { fieldsOf } from './manifest.ts'

/**
 * What was to be written, carried over to a newer version of the object that differs in nothing a person
 * writes: its status, its counters and who owns its fields change all the time. Undefined when more changed.
 */
export function rebased(
  object: KubernetesObject,
  base: KubernetesObject,
  newest: KubernetesObject,
): KubernetesObject | undefined {
  if (!same(written(base), written(newest))) return undefined
  // A status that a person wrote stays theirs; kinds without the subresource take it from the object.
  const ownStatus = !same(object['status'], base['status'])
  if (ownStatus && !same(base['status'], newest['status'])) return undefined
  const { status: _, ...rest } = object
  const status = ownStatus ? object['status'] : newest['status']
  const { resourceVersion } = fieldsOf(newest['metadata'])
  return {
    ...rest,
    metadata: { ...fieldsOf(object['metadata']), resourceVersion },
    ...(status !== undefined && { status }),
  }
}

function written({ status: _status, metadata, ...rest }: KubernetesObject) {
  const {
    managedFields: _managers,
    resourceVersion: _version,
    generation: _generation,
    ...shown
  } = fieldsOf(metadata)
  return { ...rest, metadata: shown }
}

/** Whether two values say the same, in whatever order their fields stand. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((it, at) => same(it, b[at]))
    )
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  const one = fieldsOf(a)
  const other = fieldsOf(b)
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => same(one[name], other[name]))
}
