import { Selector, selectorText } from '#gateway/label-selector.ts'

/**
 * Which pods an object selects, as a query; undefined where it selects none. A Service and a
 * ReplicationController select by plain labels, other workloads by labels and expressions, a Job by its own name.
 */
export function selectorOf(
  object: Readonly<Record<string, unknown>>,
  { resource, name }: { readonly resource: string; readonly name: string },
): string | undefined {
  if (resource === 'jobs') return `job-name=${name}`
  const { selector } = Object(object['spec']) as { readonly selector?: unknown }
  const parsed = Selector.safeParse(isWhole(selector) ? selector : { matchLabels: selector })
  const text = parsed.success ? selectorText(parsed.data) : ''
  return text === '' ? undefined : text
}

/** Its parts are no strings, as the values of plain labels are. */
const isWhole = (selector: unknown): boolean => {
  const { matchLabels, matchExpressions } = Object(selector) as Readonly<Record<string, unknown>>
  return typeof matchLabels === 'object' || Array.isArray(matchExpressions)
}
