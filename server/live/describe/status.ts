import type { KubernetesObject } from '../../contract/place.ts'
import { ReadFailure } from '../rows/failure.ts'
import { modelOf } from '../rows/models.ts'
import type { Kind } from '../rows/projection.ts'
import { rowOf } from '../rows/row.ts'
import { customStatus } from './conditions.ts'
import type { Status } from './described.ts'

/**
 * How an object is, by the same functions that make its row.
 * @throws ReadFailure when the object has not the shape of its kind
 */
export function statusOf(kind: Kind, object: KubernetesObject): Status {
  const model = modelOf(kind)
  if (!model) return customStatus(object)
  try {
    const { tone, status, cells } = rowOf(model, object)
    const cell = cells.find((it) => typeof it === 'object' && it !== null)
    return { tone, text: status, reason: typeof cell === 'object' ? cell?.reason : undefined }
  } catch (cause) {
    throw new ReadFailure('an object has not the shape of its kind', { cause })
  }
}
