import { invalidField } from '../contract/errors.ts'
import type { ViewQuery } from '../contract/views.ts'
import { isMisread } from '../policies/ask.ts'
import { readLabels } from './matching/labels.ts'
import { readWords } from './matching/words.ts'

/**
 * What the schema cannot know of a query.
 * @throws AppError invalid_input
 */
export function checkQuery({ sources, group, resource, labels, text }: ViewQuery): void {
  // Namespaces lie in none; anything else may be asked for in one, whoever names it.
  const namespace = resource === 'namespaces' ? undefined : 'any'
  if (isMisread({ group, resource, namespace }))
    throw invalidField('resource', `"${resource}" is no kind of object there`)
  const places = new Set(sources.map(({ cluster, profile }) => `${cluster}@${profile}`))
  if (places.size < sources.length) throw invalidField('sources', 'one place is named twice')
  readLabels(labels ?? '')
  readWords(text ?? '')
}
