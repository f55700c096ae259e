import { refuse, type Refused } from './refused.ts'

/** Where a proxied request goes, read once; what is decided on and what is forwarded are the same bytes. */
export interface Target {
  readonly status: 'ok'
  readonly cluster: string
  readonly profile?: string
  /** The bytes that are forwarded: everything after the cluster, with its leading slash. */
  readonly rawPath: string
  /** The bytes after the first `?`, exactly as sent. */
  readonly rawQuery: string
  /** `rawPath`, percent-decoded once, as kube-apiserver sees it. */
  readonly path: string
}

const mount = '/k8s/'
const longestPath = 8192
/** An exec has its whole command in the query; this much fits into a head. */
const longestTarget = 24 * 1024
const longestId = 63

/**
 * Reads a request target. Whatever another reader on the way could take for a different path is refused,
 * so that the path decided on is the path the cluster acts on.
 */
export function parseTarget(url: string): Target | Refused {
  if (url.length > longestTarget) return bad('the request target is longer than 24 KiB')
  if (!url.startsWith(mount)) return bad('the request target does not start with /k8s/')
  const question = url.indexOf('?')
  const pathEnd = question === -1 ? url.length : question
  const idEnd = url.indexOf('/', mount.length)
  if (idEnd === -1 || idEnd >= pathEnd) return bad('the path has nothing after the cluster')
  const rawQuery = url.slice(pathEnd + 1)
  if (!isPlainQuery(rawQuery)) return bad('the query has bytes that must be escaped')

  const rawPath = url.slice(idEnd, pathEnd)
  const path = decodePath(rawPath)
  if (typeof path !== 'string') return path

  const name = url.slice(mount.length, idEnd)
  const at = name.indexOf('@')
  const cluster = at === -1 ? name : name.slice(0, at)
  if (!isId(cluster)) return bad('the cluster id is not of the form [a-z0-9-]{1,63}')
  if (at === -1) return { status: 'ok', cluster, rawPath, rawQuery, path }
  const profile = name.slice(at + 1)
  if (!isId(profile)) return bad('the profile name is not of the form [a-z0-9-]{1,63}')
  return { status: 'ok', cluster, profile, rawPath, rawQuery, path }
}

const bad = (reason: string) => refuse('invalid_input', reason)

function isId(text: string): boolean {
  if (text.length === 0 || text.length > longestId) return false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    const isLetter = c >= 0x61 && c <= 0x7a
    const isDigit = c >= 0x30 && c <= 0x39
    if (!isLetter && !isDigit && c !== 0x2d) return false
  }
  return true
}

/** `#` has no meaning to Go, yet ends the target for others. */
function isPlainQuery(query: string): boolean {
  for (let i = 0; i < query.length; i++) {
    const c = query.charCodeAt(i)
    if (c < 0x21 || c > 0x7e || c === 0x23) return false
  }
  return true
}

function decodePath(raw: string): string | Refused {
  if (raw.length > longestPath) return bad('the path is longer than 8 KiB')
  const tail = proxyTail(raw)
  let hasEscapes = false
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charCodeAt(i)
    const refusal = c === 0x25 ? refusedEscape(raw, i, i >= tail) : refusedByte(raw, i, i >= tail)
    if (refusal !== undefined) return bad(refusal)
    if (c === 0x25) hasEscapes = true
  }
  const path = hasEscapes ? decoded(raw) : raw
  if (path === undefined) return bad('the path is not UTF-8 once decoded')
  if (hasEscapes && isEscaped(path)) return bad('the path is escaped twice')
  if (hasDotSegment(path)) return bad('the path has a dot segment')
  return path
}

function refusedByte(raw: string, i: number, inTail: boolean): string | undefined {
  const c = raw.charCodeAt(i)
  if (c < 0x21 || c > 0x7e) return 'the path has bytes that must be escaped'
  if (c === 0x2f && raw.charCodeAt(i + 1) === 0x2f) return 'the path has an empty segment'
  if (c === 0x5c) return 'the path has a backslash'
  if (c === 0x23) return 'the path has a fragment'
  if (c === 0x3b && !inTail) return 'the path has a semicolon'
  return undefined
}

function refusedEscape(raw: string, i: number, inTail: boolean): string | undefined {
  const byte = escapedByte(raw, i)
  if (byte === -1) return 'the path has a malformed escape'
  if (byte < 0x20 || byte === 0x7f) return 'the path has an escaped control character'
  if (byte === 0x2f || byte === 0x5c) return 'the path has an escaped slash or backslash'
  return inTail ? undefined : refusedInName(byte)
}

/** No Kubernetes name holds these; what a program behind a proxy is sent may. */
function refusedInName(byte: number): string | undefined {
  if (byte === 0x25) return 'the path is escaped twice'
  const isDelimiter = byte === 0x3b || byte === 0x3f || byte === 0x23
  return isDelimiter ? 'the path has an escaped delimiter' : undefined
}

const hexDigit = (c: number): number => {
  if (c >= 0x30 && c <= 0x39) return c - 0x30
  const lower = c | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const isHexPair = (text: string, i: number): boolean =>
  hexDigit(text.charCodeAt(i)) !== -1 && hexDigit(text.charCodeAt(i + 1)) !== -1

/** The byte that the escape at `i` stands for, or -1. */
const escapedByte = (text: string, i: number): number =>
  isHexPair(text, i + 1)
    ? hexDigit(text.charCodeAt(i + 1)) * 16 + hexDigit(text.charCodeAt(i + 2))
    : -1

/** Whether decoding once more would find another path. */
function isEscaped(path: string): boolean {
  for (let at = path.indexOf('%'); at !== -1; at = path.indexOf('%', at + 1)) {
    if (isHexPair(path, at + 1)) return true
  }
  return false
}

/** Overlong and other invalid UTF-8 is nobody's name. */
function decoded(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}

/** Also true for `..;x`, which some servers behind a proxy read as `..`. */
function hasDotSegment(path: string): boolean {
  for (let at = path.indexOf('/.'); at !== -1; at = path.indexOf('/.', at + 1)) {
    const end = at + (path.charCodeAt(at + 2) === 0x2e ? 3 : 2)
    const next = path.charCodeAt(end)
    if (end >= path.length || next === 0x2f || next === 0x3b) return true
  }
  return false
}

/**
 * Where the path that belongs to a program behind `pods|services|nodes/proxy` begins, else the path's length.
 * Read from raw bytes: someone who escapes letters of these words only gets the stricter rules.
 */
function proxyTail(raw: string): number {
  if (!raw.startsWith('/api/v1/')) return raw.length
  let at = '/api/v1/'.length
  if (raw.startsWith('namespaces/', at)) {
    at = afterSegment(raw, at + 'namespaces/'.length)
    if (!raw.startsWith('pods/', at) && !raw.startsWith('services/', at)) return raw.length
  } else if (!raw.startsWith('nodes/', at)) return raw.length
  const name = afterSegment(raw, at)
  const subresource = afterSegment(raw, name)
  return raw.startsWith('proxy/', subresource) ? subresource + 'proxy/'.length : raw.length
}

function afterSegment(raw: string, at: number): number {
  const slash = raw.indexOf('/', at)
  return slash === -1 ? raw.length : slash + 1
}
