import type { Event } from '../contract/events.ts'

/** What somebody tried, as the caller of this room tells it. The chain adds when, where and the hash. */
export type Attempt = Omit<Event, 'writer' | 'sequence' | 'at' | 'phase' | 'hash'>

// The longest values people may legally have; what is longer was made to fill the disk.
const longest = {
  word: 64,
  action: 100,
  person: 128,
  label: 63,
  dnsName: 253,
  path: 2048,
  reason: 512,
  detail: 256,
} as const
const mostGrants = 64
const mostDetails = 16

/**
 * The attempt as it may be kept: known fields only, each bounded, no query string, nothing that
 * looks like a token and no character that could fool a terminal or a log reader.
 */
export function redact(attempt: Attempt): Attempt {
  const { path, grants, detail } = attempt
  return {
    id: clean(attempt.id, longest.word),
    action: clean(attempt.action, longest.action),
    result: attempt.result,
    person: text(attempt.person, longest.person),
    personId: text(attempt.personId, longest.word),
    session: text(attempt.session, longest.word),
    source: text(attempt.source, longest.word),
    cluster: text(attempt.cluster, longest.label),
    profile: text(attempt.profile, longest.label),
    grants: grants?.slice(0, mostGrants).map((it) => clean(it, longest.word)),
    verb: text(attempt.verb, longest.label),
    group: text(attempt.group, longest.dnsName),
    resource: text(attempt.resource, longest.dnsName),
    subresource: text(attempt.subresource, longest.dnsName),
    namespace: text(attempt.namespace, longest.label),
    name: text(attempt.name, longest.dnsName),
    path: path === undefined ? undefined : clean(pathOf(path), longest.path),
    status: whole(attempt.status),
    bytesIn: whole(attempt.bytesIn),
    bytesOut: whole(attempt.bytesOut),
    milliseconds: hundredths(attempt.milliseconds),
    reason: text(attempt.reason, longest.reason),
    detail: detail && detailOf(detail),
  }
}

const text = (value: string | undefined, length: number) =>
  value === undefined ? undefined : clean(value, length)

// Queries carry commands, selectors and, from careless clients, tokens.
function pathOf(path: string): string {
  const end = path.search(/[?#]/)
  return end === -1 ? path : path.slice(0, end)
}

const finite = (value: number | undefined) =>
  value !== undefined && Number.isFinite(value) ? value : undefined

function whole(value: number | undefined): number | undefined {
  const known = finite(value)
  return known === undefined ? undefined : Math.trunc(known)
}

function hundredths(value: number | undefined): number | undefined {
  const known = finite(value)
  return known === undefined ? undefined : Math.round(known * 100) / 100
}

const detailOf = (detail: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(detail)
      .slice(0, mostDetails)
      .map(([key, value]) => [clean(key, longest.word), clean(value, longest.detail)]),
  )

// C0, C1, line separators, marks that turn the reading direction around, halves of characters.
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu
const token = /eyJ[\w-]{8,300}\.[\w-]{8,}(?:\.[\w-]*)?|gh[a-z]_[\w.-]{8,}|\bbearer\s+\S+/gi
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

// Nothing that `token` or `control` could match: ids, names and paths as Kubernetes has them.
const plain = /^[a-z0-9:./@-]*$/

function clean(value: string, length: number): string {
  if (value.length <= length && plain.test(value) && !value.includes('eyj')) return value
  // Cut before anything else, so that a huge value costs nothing; a token cut in half still matches.
  const text = value.slice(0, length).replace(token, '[redacted]').replace(control, escaped)
  return text.length > length || value.length > length ? `${text.slice(0, length - 1)}…` : text
}
