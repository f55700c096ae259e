import type { Event } from '../contract/events.ts'

/** What somebody tried, as the caller of this room tells it. The chain adds when, where and the hash. */
export type Attempt = Omit<Event, 'writer' | 'sequence' | 'at' | 'phase' | 'hash'>

type TextField = Exclude<
  {
    [F in keyof Attempt]-?: NonNullable<Attempt[F]> extends string ? F : never
  }[keyof Attempt],
  'result'
>
type NumberField = 'status' | 'bytesIn' | 'bytesOut' | 'milliseconds'

// The longest values people may legally have; what is longer was made to fill the disk.
const lengths: Readonly<Record<TextField, number>> = {
  id: 64,
  action: 100,
  person: 128,
  personId: 64,
  session: 64,
  source: 64,
  cluster: 63,
  profile: 63,
  verb: 63,
  group: 253,
  resource: 253,
  subresource: 253,
  namespace: 63,
  name: 253,
  path: 2048,
  reason: 512,
}
const textFields = Object.entries(lengths) as [TextField, number][]
const numberFields: readonly NumberField[] = ['status', 'bytesIn', 'bytesOut', 'milliseconds']
const mostGrants = 64
const mostDetails = 16

/**
 * The attempt as it may be kept: known fields only, each bounded, no query string, nothing that
 * looks like a token and no character that could fool a terminal or a log reader.
 */
export function redact(attempt: Attempt): Attempt {
  const kept: Attempt = { id: '', action: '', result: attempt.result }
  for (const [field, length] of textFields) {
    const value = attempt[field]
    if (value !== undefined) kept[field] = clean(field === 'path' ? pathOf(value) : value, length)
  }
  for (const field of numberFields) {
    const value = attempt[field]
    if (value !== undefined && Number.isFinite(value)) kept[field] = rounded(field, value)
  }
  if (attempt.grants) kept.grants = attempt.grants.slice(0, mostGrants).map((it) => clean(it, 64))
  if (attempt.detail) kept.detail = detailOf(attempt.detail)
  return kept
}

// Queries carry commands, selectors and, from careless clients, tokens.
const pathOf = (path: string) => path.split(/[?#]/, 1)[0] ?? ''

const rounded = (field: NumberField, value: number) =>
  field === 'milliseconds' ? Math.round(value * 100) / 100 : Math.trunc(value)

const detailOf = (detail: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(detail)
      .slice(0, mostDetails)
      .map(([key, value]) => [clean(key, 64), clean(value, 256)]),
  )

// C0, C1, line separators, marks that turn the reading direction around, halves of characters.
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu
const token = /eyJ[\w-]{8,300}\.[\w-]{8,}(?:\.[\w-]*)?|gh[a-z]_[\w.-]{8,}|\bbearer\s+\S+/gi
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

function clean(value: string, length: number): string {
  // Cut before anything else, so that a huge value costs nothing; a token cut in half still matches.
  const text = value.slice(0, length).replace(token, '[redacted]').replace(control, escaped)
  return text.length > length || value.length > length ? `${text.slice(0, length - 1)}…` : text
}
