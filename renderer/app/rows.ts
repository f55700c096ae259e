import type { ObjectRef } from '#gateway/place.ts'
import type { Row } from '#gateway/views.ts'
import type { ListRoute, OpenObject } from './route.ts'

/** The object that a row of a list stands for. */
export function refOf(row: Row, { places, kind }: ListRoute): ObjectRef | undefined {
  const place = places[row.source]
  if (!place) return undefined
  const { namespace, name } = row
  return { ...place, ...kind, name, ...(namespace && { namespace }) }
}

/** How an address opens a row; the place only where several are looked at. */
export function openOf(row: Row, { places }: ListRoute): OpenObject {
  const { namespace, name } = row
  const place = places.length > 1 ? places[row.source] : undefined
  return { name, ...(namespace && { namespace }), ...(place && { place }) }
}

export const sameOpen = (a: OpenObject | undefined, b: OpenObject): boolean =>
  a !== undefined &&
  a.name === b.name &&
  a.namespace === b.namespace &&
  a.place?.cluster === b.place?.cluster &&
  a.place?.profile === b.place?.profile
