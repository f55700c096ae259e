import { EventFilter } from '#gateway/events.ts'

/** What narrows the audit page, as its address says it. */
export type AuditSearch = Readonly<Record<string, string>>

/** What a person may type; matched whole, as the gateway does. */
export const typedFields = [
  'person',
  'cluster',
  'namespace',
  'resource',
  'verb',
  'action',
] as const satisfies readonly (keyof EventFilter)[]

/** What only a record itself leads to. */
export const pickedFields = ['id', 'session'] as const satisfies readonly (keyof EventFilter)[]

const hourMs = 3_600_000
/** Time ranges that move on with the clock, so that a link means the same tomorrow. */
export const lasts = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs } as const
export type Last = keyof typeof lasts

const isLast = (it: string | undefined): it is Last => it !== undefined && Object.hasOwn(lasts, it)

export const lastOf = ({ last }: AuditSearch): Last | undefined => (isLast(last) ? last : undefined)

/** What the gateway is asked for at a moment. Somebody may have made the address up: what it cannot mean is left out. */
export function filterOf(search: AuditSearch, now: number): EventFilter {
  const last = lastOf(search)
  const asked =
    last === undefined
      ? search
      : { ...search, since: new Date(now - lasts[last]).toISOString(), until: '' }
  const known = Object.entries(EventFilter.shape).flatMap(([field, schema]) => {
    const value = Object.hasOwn(asked, field) ? asked[field] : ''
    const read = schema.safeParse(value)
    return value !== '' && read.success ? [[field, read.data] as const] : []
  })
  return EventFilter.parse(Object.fromEntries(known))
}

/** The same with something changed; what is empty goes. A range that moves and one that does not exclude each other. */
export function narrowed(search: AuditSearch, part: AuditSearch): AuditSearch {
  const before = new Map(Object.entries(search))
  if (part['last']) for (const field of ['since', 'until']) before.delete(field)
  if (part['since'] || part['until']) before.delete('last')
  for (const [field, value] of Object.entries(part)) before.set(field, value)
  return Object.fromEntries([...before].filter(([, value]) => value !== ''))
}

const pairsOf = (filter: EventFilter): [string, string][] =>
  Object.entries(filter).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]]))

/** Where a browser gets the records that fit, as the gateway writes them for auditors. */
export function exportHref(filter: EventFilter): string {
  const query = new URLSearchParams(pairsOf(filter)).toString()
  return query === '' ? '/api/events/export' : `/api/events/export?${query}`
}

/** The same on a command line. */
export const exportCommand = (filter: EventFilter): string =>
  [
    'gatehouse audit export',
    ...pairsOf(filter).map(([field, value]) => `--${field}=${quoted(value)}`),
  ].join(' ')

/** As a shell takes it for one word, whatever it holds. */
const quoted = (value: string) =>
  /^[\w.:@+-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`

/** A moment as a field for dates and times has it: in the time of this machine, to the second. */
export function localTime(moment: string | undefined): string {
  const at = moment === undefined ? Number.NaN : Date.parse(moment)
  if (Number.isNaN(at)) return ''
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

/** What such a field says, as a moment; empty while it says none. */
export function momentOf(local: string): string {
  const at = Date.parse(local)
  return Number.isNaN(at) ? '' : new Date(at).toISOString()
}
