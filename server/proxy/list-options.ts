import { requiredName } from './field-selector.ts'
import { isInt64 } from './int64.ts'
import { isLabelSelector } from './label-selector.ts'

type Query = ReadonlyMap<string, readonly string[]>

/** What a list's options change about its meaning: whether it watches, and the one name it is narrowed to. */
export interface ListOptions {
  readonly watch: boolean
  readonly name: string
}

/** Options that do not decode lose every selector and keep `watch`, as in kube-apiserver. */
export function readListOptions(query: Query): ListOptions {
  const watch = query.get('watch')?.[0]
  const fieldSelector = query.get('fieldSelector')?.[0] ?? ''
  const name = decodes(query) ? requiredName(fieldSelector) : undefined
  if (name === undefined) return { watch: watch !== undefined && !isFalse(watch), name: '' }
  // Go compares by Unicode folding here and by lower case above: only the long s tells them apart.
  const isWatch = watch !== undefined && !isFalse(watch.replaceAll('\u017f', 's'))
  return { watch: isWatch, name: isPathSegment(name) ? name : '' }
}

const isFalse = (value: string) => value === '0' || value.toLowerCase() === 'false'

const isPathSegment = (name: string) =>
  name !== '.' && name !== '..' && !name.includes('/') && !name.includes('%')

function decodes(query: Query): boolean {
  const timeout = query.get('timeoutSeconds')?.[0]
  const limit = query.get('limit')?.[0]
  if (timeout !== undefined && !isInt64(timeout)) return false
  if (limit !== undefined && !isInt64(limit)) return false
  return isLabelSelector(query.get('labelSelector')?.[0] ?? '')
}
