import { requestNames } from '../contract/cluster-headers.ts'
import type { ErrorCode } from '../contract/errors.ts'
import {
  isForProgram,
  responseNames,
  singleRequestNames,
  singleResponseNames,
  upgradeResponseNames,
} from './header-names.ts'
import { connectionTokens, isSendable, lengthOf, lowerOf, textOf } from './raw-headers.ts'
import { valuesOf, type RawHeaders } from './raw-headers.ts'
import { refuse, type Refused } from './refused.ts'

export interface Head {
  readonly status: 'ok'
  /** Name, value, name, value; names in lower case. */
  readonly headers: string[]
}

/** What the gateway itself says upstream. */
export interface Injected {
  readonly host: string
  readonly authorization: string
  readonly auditId: string
  readonly forwardedFor: string
  readonly upgrade?: UpgradeProtocol
}

const bearerProtocol = 'base64url.bearer.authorization.k8s.io.'

/**
 * What of a client’s head goes upstream: what the allow-list knows, minus what `Connection` names. What
 * impersonates or is ambiguous is refused, not dropped: without `--as=viewer` a command would run with more
 * rights than was asked for. A request is `proxied` when it is for a program behind
 * `pods|services|nodes/proxy`, whose headers nobody can list.
 */
export function forwardedHead(rawHeaders: RawHeaders, proxied = false): Head | Refused {
  const dropped = connectionTokens(rawHeaders)
  const isForwarded = proxied ? isForProgram : isKnown
  const headers: string[] = []
  const seen = new Set<string>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = lowerOf(rawHeaders[i])
    const value = textOf(rawHeaders[i + 1])
    const reason = ambiguityOf(name, seen)
    if (name.startsWith('impersonate')) return refuse('forbidden', 'impersonation is refused here')
    if (reason !== undefined) return refuse('invalid_input', reason)
    if (!isForwarded(name) || dropped.has(name)) continue
    const fault = faultOf(name, value)
    if (fault !== undefined) return refuse('invalid_input', fault)
    headers.push(name, value)
  }
  return { status: 'ok', headers }
}

/** The request head that goes upstream: what is left of the client’s, and what the gateway injects, last. */
export function outgoingHead(forwarded: readonly string[], injected: Injected): string[] {
  const headers = [...forwarded]
  headers.push('host', injected.host, 'authorization', injected.authorization)
  headers.push('audit-id', injected.auditId, 'x-forwarded-for', injected.forwardedFor)
  if (injected.upgrade) headers.push('connection', 'Upgrade', 'upgrade', injected.upgrade)
  return headers
}

const isKnown = (name: string) => requestNames.has(name)

function ambiguityOf(name: string, seen: Set<string>): string | undefined {
  // Some servers read `Impersonate_User` as `Impersonate-User`.
  if (name.includes('_')) return 'a header name has an underscore'
  if (!singleRequestNames.has(name)) return undefined
  if (seen.has(name)) return `the header ${name} was sent twice`
  seen.add(name)
  return undefined
}

function faultOf(name: string, value: string): string | undefined {
  if (!isSendable(value)) return `the header ${name} has control characters`
  if (name === 'content-length' && lengthOf(value) === undefined) {
    return 'the header content-length is not a number'
  }
  // A cluster would take this token for the caller's identity, or hand it on to its nodes.
  if (name === 'sec-websocket-protocol' && value.toLowerCase().includes(bearerProtocol)) {
    return 'a token in the WebSocket protocol is not accepted'
  }
  return undefined
}

export interface Answer {
  /** Set when the gateway's own id replaces the cluster's. */
  readonly auditId?: string
  /** The answer to an upgrade may also carry what its handshake needs. */
  readonly upgrade?: boolean
}

/** The response head for the client: what the allow-list knows, and that it is never a page of our origin. */
export function incomingHead(rawHeaders: RawHeaders, answer: Answer = {}): Head | Refused {
  const dropped = connectionTokens(rawHeaders)
  const headers: string[] = []
  const seen = new Set<string>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = lowerOf(rawHeaders[i])
    if (!isAnswer(name, answer) || dropped.has(name)) continue
    const value = textOf(rawHeaders[i + 1])
    if (!isSendable(value)) return badAnswer(`control characters in ${name}`)
    if (singleResponseNames.has(name) && seen.has(name)) return badAnswer(`two ${name} headers`)
    if (name === 'content-length' && lengthOf(value) === undefined) return badAnswer('a bad length')
    seen.add(name)
    headers.push(name, value)
  }
  if (!seen.has('content-type')) headers.push('content-type', 'application/octet-stream')
  if (answer.auditId !== undefined) headers.push('audit-id', answer.auditId)
  headers.push('x-content-type-options', 'nosniff', 'content-security-policy', 'sandbox')
  return { status: 'ok', headers }
}

function isAnswer(name: string, { auditId, upgrade = false }: Answer): boolean {
  if (name === 'audit-id') return auditId === undefined
  return responseNames.has(name) || (upgrade && upgradeResponseNames.has(name))
}

const badAnswer = (what: string) => refuse('bad_gateway', `the cluster sent ${what}`)

/** Kubernetes never sends anyone elsewhere; a compromised part of it would (CVE-2022-3172). */
export function isRedirect(status: number, rawHeaders: RawHeaders): boolean {
  if (status < 300 || status > 399) return false
  return status !== 304 || valuesOf(rawHeaders, 'location').length > 0
}

export type Bearer =
  | { readonly status: 'token'; readonly token: string }
  | { readonly status: 'none' }
  | { readonly status: 'invalid'; readonly code: ErrorCode; readonly reason: string }

/**
 * The gateway's token from the one place it may stand: exactly one `Authorization: Bearer <token68>`.
 * One of the gateway's own cookies beside it means that a page and a program speak at once: neither is believed.
 */
export function bearerOf(rawHeaders: RawHeaders, ownCookies: ReadonlySet<string>): Bearer {
  const [value, ...others] = valuesOf(rawHeaders, 'authorization')
  if (value === undefined) return { status: 'none' }
  if (hasCookie(rawHeaders, ownCookies)) {
    return invalidBearer('send a bearer or a cookie, not both', 'invalid_input')
  }
  if (others.length > 0) return invalidBearer('the header authorization was sent twice')
  if (value.slice(0, 7).toLowerCase() !== 'bearer ')
    return invalidBearer('the scheme is not Bearer')
  const token = value.slice(7)
  return isToken68(token)
    ? { status: 'token', token }
    : invalidBearer('the bearer is not one token')
}

const invalidBearer = (reason: string, code: ErrorCode = 'unauthenticated'): Bearer => ({
  status: 'invalid',
  code,
  reason,
})

const isToken68 = (text: string) => /^[A-Za-z0-9\-._~+/]+=*$/.test(text)

function hasCookie(rawHeaders: RawHeaders, names: ReadonlySet<string>): boolean {
  const pairs = valuesOf(rawHeaders, 'cookie').flatMap((it) => it.split(';'))
  return pairs.some((pair) => names.has((pair.split('=', 1)[0] ?? '').trim()))
}

/** Against DNS rebinding: exactly one Host, and one that the gateway is known by (lower case, with its port). */
export function checkHost(
  rawHeaders: RawHeaders,
  allowed: ReadonlySet<string>,
): Refused | undefined {
  const hosts = valuesOf(rawHeaders, 'host')
  const [host] = hosts
  if (host === undefined || hosts.length > 1) {
    return refuse('invalid_input', 'there is not exactly one Host header')
  }
  return allowed.has(host.toLowerCase())
    ? undefined
    : refuse('forbidden', 'the gateway is not known by this Host')
}

/** Against other sites' pages, whose browser carries the request: `Origin` is on the list to the letter, or absent. */
export function checkOrigin(
  rawHeaders: RawHeaders,
  allowed: ReadonlySet<string>,
): Refused | undefined {
  const sites = valuesOf(rawHeaders, 'sec-fetch-site')
  if (sites.some((it) => it.trim().toLowerCase() === 'cross-site')) {
    return refuse('forbidden', 'requests from other sites are not accepted')
  }
  const origins = valuesOf(rawHeaders, 'origin')
  if (origins.length > 1) return refuse('invalid_input', 'the header origin was sent twice')
  return origins.every((origin) => allowed.has(origin))
    ? undefined
    : refuse('forbidden', 'requests from this origin are not accepted')
}

export type UpgradeProtocol = 'websocket' | 'SPDY/3.1'

export type Upgrade =
  { readonly status: 'plain' } | { readonly status: 'upgrade'; readonly protocol: UpgradeProtocol }

const protocols: ReadonlyMap<string, UpgradeProtocol> = new Map([
  ['websocket', 'websocket'],
  ['spdy/3.1', 'SPDY/3.1'],
])

/**
 * Whether a request wants to become a tunnel, and of which protocol. kube-apiserver looks for the letters
 * `upgrade` anywhere in `Connection`, so whatever is neither clearly plain nor clearly an upgrade is refused.
 */
export function upgradeOf(rawHeaders: RawHeaders): Upgrade | Refused {
  const wanted = valuesOf(rawHeaders, 'upgrade')
  const isMentioned = valuesOf(rawHeaders, 'connection').some((it) => /upgrade/i.test(it))
  if (wanted.length === 0 && !isMentioned) return { status: 'plain' }
  if (!connectionTokens(rawHeaders).has('upgrade')) return badUpgrade('Connection does not name it')
  const [name = ''] = wanted
  const protocol = wanted.length === 1 ? protocols.get(name.toLowerCase()) : undefined
  if (protocol === undefined) return badUpgrade('the protocol is not websocket or SPDY/3.1')
  const body = bodyOf('POST', rawHeaders)
  if (body.status === 'refused') return body
  return body.status === 'none' ? { status: 'upgrade', protocol } : badUpgrade('there is a body')
}

const badUpgrade = (reason: string) =>
  refuse('invalid_input', `the connection cannot be upgraded: ${reason}`)

export type Body =
  | { readonly status: 'none' }
  | { readonly status: 'length'; readonly length: number }
  | { readonly status: 'chunked' }

/** What body a request announces. A GET with one is how a second request is hidden. */
export function bodyOf(method: string, rawHeaders: RawHeaders): Body | Refused {
  const isChunked = valuesOf(rawHeaders, 'transfer-encoding').length > 0
  const [sent, ...others] = valuesOf(rawHeaders, 'content-length')
  if (others.length > 0 || (isChunked && sent !== undefined)) {
    return refuse('invalid_input', 'the length of the body is ambiguous')
  }
  const length = lengthOf(sent ?? '0')
  if (length === undefined)
    return refuse('invalid_input', 'the header content-length is not a number')
  if (!isChunked && length === 0) return { status: 'none' }
  if (method === 'GET' || method === 'HEAD')
    return refuse('invalid_input', `a ${method} has no body`)
  return isChunked ? { status: 'chunked' } : { status: 'length', length }
}
