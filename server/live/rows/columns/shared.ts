import { instantOf } from '../instant.ts'
import { column } from '../model.ts'
import type { Metadata } from '../row.ts'

interface Named {
  readonly metadata?: Metadata | undefined
}

/** When it was made; the last column that everything has. */
export const age = column('age', 'Age', 'age', (it: Named) =>
  instantOf(it.metadata?.creationTimestamp),
)

/** `app=web,tier=front`, as selectors are written. */
export const pairsOf = (labels: Readonly<Record<string, string>> | null | undefined) =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',')

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined
  readonly matchExpressions?:
    | readonly {
        readonly key?: string | undefined
        readonly operator?: string | undefined
        readonly values?: readonly string[] | undefined
      }[]
    | undefined
}

/** A label selector as kubectl writes it; one that fits everything is `*`. */
export function selectorText(selector: Selector | null | undefined): string | undefined {
  if (!selector) return undefined
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => {
    const list = `(${(values ?? []).join(',')})`
    if (operator === 'In') return `${key} in ${list}`
    if (operator === 'NotIn') return `${key} notin ${list}`
    return operator === 'DoesNotExist' ? `!${key}` : `${key}`
  })
  const pairs = pairsOf(selector.matchLabels)
  return [...(pairs ? [pairs] : []), ...expressions].join(',') || '*'
}
