/** How grave a line says it is; 0 says nothing. */
export const levels = ['none', 'trace', 'debug', 'info', 'warning', 'error', 'fatal'] as const

const words: Readonly<Record<string, number>> = {
  trace: 1,
  debug: 2,
  dbg: 2,
  info: 3,
  information: 3,
  notice: 3,
  warn: 4,
  warning: 4,
  error: 5,
  err: 5,
  fatal: 6,
  panic: 6,
  critical: 6,
  crit: 6,
  emerg: 6,
  alert: 6,
}

/** klog: `E0412 10:11:12.…`. */
const klog: Readonly<Record<string, number>> = { I: 3, W: 4, E: 5, F: 6 }

const spoken =
  /\b(?:level|lvl|severity)=["']?([A-Za-z]+)|\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|PANIC|CRITICAL)\b|\[(trace|debug|info|notice|warn|warning|error|fatal|crit|emerg|alert)\]/

/** The level that a line names, as a place in `levels`. Only its beginning is read: the rest is what it tells about. */
export function levelOf(text: string): number {
  if (text.charCodeAt(0) === 123) return levelOfJson(text)
  return levelOfKlog(text) ?? levelOfWords(text.length > 160 ? text.slice(0, 160) : text)
}

function levelOfKlog(text: string): number | undefined {
  const second = text.charCodeAt(1)
  if (second < 48 || second > 57 || text.charCodeAt(5) !== 32) return undefined
  return klog[text.charAt(0)]
}

function levelOfWords(head: string): number {
  const found = spoken.exec(head)
  const word = found?.[1] ?? found?.[2] ?? found?.[3]
  return word === undefined ? 0 : (words[word.toLowerCase()] ?? 0)
}

const jsonLevel = /"(?:level|severity|lvl|log\.level)"\s*:\s*(?:"([A-Za-z]+)"|(\d+))/

function levelOfJson(text: string): number {
  const found = jsonLevel.exec(text)
  if (!found) return 0
  if (found[1] !== undefined) return words[found[1].toLowerCase()] ?? 0
  // pino and bunyan count in tens.
  return Math.max(0, Math.min(6, Math.floor(Number(found[2]) / 10)))
}

// What a terminal would obey: colours and cursor (CSI), titles and links (OSC), and the short ones.
// oxlint-disable-next-line no-control-regex
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g

/** The words of a line without the codes that colour it. */
export const withoutEscapes = (text: string): string => text.replace(escapes, '')

export interface Instant {
  /** Milliseconds since 1970, whole. */
  readonly at: number
  /** Nanoseconds beyond them. */
  readonly nanos: number
}

let day = { text: '', at: 0 }

/** RFC 3339 in UTC with any fraction; a hundred thousand a second, so without `Date.parse`. */
export function instantOf(text: string): Instant {
  const date = text.slice(0, 10)
  if (text.charAt(text.length - 1) !== 'Z' || text.length < 20) return slowInstant(text)
  if (date !== day.text) day = { text: date, at: Date.parse(`${date}T00:00:00Z`) }
  const seconds = two(text, 11) * 3600 + two(text, 14) * 60 + two(text, 17)
  let fraction = 0
  let scale = 100_000_000
  for (let i = 20; i < text.length - 1 && scale >= 1; i += 1) {
    fraction += (text.charCodeAt(i) - 48) * scale
    scale /= 10
  }
  const at = day.at + seconds * 1000 + Math.floor(fraction / 1_000_000)
  return Number.isFinite(at) ? { at, nanos: fraction % 1_000_000 } : { at: 0, nanos: 0 }
}

function slowInstant(text: string): Instant {
  const at = Date.parse(text)
  return { at: Number.isFinite(at) ? at : 0, nanos: 0 }
}

const two = (text: string, at: number) =>
  (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48

/** An instant as the cluster wrote it, to the nanosecond. */
export function rfc3339({ at, nanos }: Instant): string {
  const whole = new Date(at).toISOString()
  return `${whole.slice(0, -1)}${String(nanos).padStart(6, '0')}Z`
}
