import { AppError } from '../contract/errors.ts'
import type { KubernetesObject } from '../contract/place.ts'

interface Kinded {
  readonly group: string
  readonly resource: string
}

export const isSecret = ({ group, resource }: Kinded): boolean =>
  group === '' && resource === 'secrets'

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** An object as it may be shown: of a Secret the keys, wherever it or kubectl keeps values. */
export function shown(kind: Kinded, object: KubernetesObject): KubernetesObject {
  if (!isSecret(kind)) return object
  const metadata = fieldsOf(object['metadata'])
  const annotations = fieldsOf(metadata['annotations'])
  const applied = annotations[lastApplied]
  return {
    ...blanked(object),
    ...(typeof applied === 'string' && {
      metadata: {
        ...metadata,
        annotations: { ...annotations, [lastApplied]: blankedText(applied) },
      },
    }),
  }
}

function blanked(object: Fields): KubernetesObject {
  const data = ['data', 'stringData'].flatMap((it) =>
    object[it] === undefined ? [] : [[it, emptied(object[it])] as const],
  )
  return { ...object, ...Object.fromEntries(data) }
}

const emptied = (data: unknown): Record<string, string> =>
  Object.fromEntries(Object.keys(fieldsOf(data)).map((key) => [key, '']))

/** What cannot be read as an object is left out whole: nobody knows what is in it. */
function blankedText(applied: string): string {
  try {
    const value: unknown = JSON.parse(applied)
    return isFields(value) ? JSON.stringify(blanked(value)) : ''
  } catch {
    return ''
  }
}

/**
 * A Secret that was edited in its blanked form, with the values that the editor never saw. An empty value of a
 * known key stands for the one that is there; a value is made empty, or new, through `stringData`.
 * @throws AppError invalid_input for a key that is new and empty: most likely one that was renamed.
 */
export function withValues(edited: KubernetesObject, current: KubernetesObject): KubernetesObject {
  const known = fieldsOf(current['data'])
  const written = fieldsOf(edited['stringData'])
  const data = Object.entries(fieldsOf(edited['data'])).map(([key, value]) => {
    if (!isEmpty(value) || Object.hasOwn(written, key)) return [key, value] as const
    if (!Object.hasOwn(known, key)) throw emptyKey(key)
    return [key, known[key]] as const
  })
  const metadata = fieldsOf(edited['metadata'])
  const annotations = fieldsOf(metadata['annotations'])
  const applied = fieldsOf(fieldsOf(current['metadata'])['annotations'])[lastApplied]
  const isUntouched =
    typeof applied === 'string' && annotations[lastApplied] === blankedText(applied)
  return {
    ...edited,
    ...(edited['data'] !== undefined && { data: Object.fromEntries(data) }),
    ...(isUntouched && {
      metadata: { ...metadata, annotations: { ...annotations, [lastApplied]: applied } },
    }),
  }
}

/** The cluster stores nothing of a key as an empty value. */
const isEmpty = (value: unknown) => value === '' || value === null

/**
 * A document that would empty values which its author was never shown.
 * @throws AppError invalid_input
 */
export function refuseBlanked(
  document: KubernetesObject,
  current: KubernetesObject | 'absent' | 'unread',
): void {
  const known = typeof current === 'string' ? {} : fieldsOf(current['data'])
  const written = fieldsOf(document['stringData'])
  for (const [key, value] of Object.entries(fieldsOf(document['data']))) {
    if (!isEmpty(value) || Object.hasOwn(written, key)) continue
    if (current === 'unread' || (Object.hasOwn(known, key) && !isEmpty(known[key])))
      throw emptyKey(key)
  }
}

const emptyKey = (key: string) =>
  new AppError(
    'invalid_input',
    `data.${key}: is empty because values of a Secret are not shown. Leave the key out to keep it as it is, or write its value under stringData.`,
    { fields: { [`data.${key}`]: 'is empty because values of a Secret are not shown' } },
  )
