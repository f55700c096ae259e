import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { requestNames } from '#gateway/cluster-headers.ts'

/** What belongs to one connection, and what would make a client remember something of the gateway. */
const heldBackFromClient: ReadonlySet<string> = new Set([
  'alt-svc',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'set-cookie',
  'strict-transport-security',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Methods of the Kubernetes API. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

export interface Refusal {
  readonly code: 400 | 401 | 403 | 405 | 502 | 503
  readonly message: string
}

/**
 * Why a request cannot come from a program in a terminal of this machine: a page in a browser that found
 * the port, a name that was made to lead here, or a message that two readers would read differently.
 */
export const refusalOf = (req: IncomingMessage, port: number): Refusal | undefined =>
  refusalOfOrigin(req, port) ?? refusalOfForm(req)

function refusalOfOrigin({ headers, rawHeaders }: IncomingMessage, port: number) {
  const hosts = valuesOf(rawHeaders, 'host')
  if (hosts.length !== 1 || ![`127.0.0.1:${port}`, `localhost:${port}`].includes(hosts[0] ?? ''))
    return refusal(403, 'This is not the host that was asked for')
  if (isFromBrowser(headers)) return refusal(403, 'A browser has nothing to ask for here')
  // Dropped in silence, a call that was to run with fewer rights would run with all of them.
  if (Object.keys(headers).some((name) => name.startsWith('impersonate-')))
    return refusal(403, 'Nobody is impersonated through Gatehouse')
  return undefined
}

function refusalOfForm({ method, url, headers, rawHeaders }: IncomingMessage) {
  if (!methods.has(method ?? '')) return refusal(405, 'There is no such method here')
  if (valuesOf(rawHeaders, 'authorization').length > 1)
    return refusal(400, 'Two tokens are one too many')
  if (headers['content-length'] !== undefined && headers['transfer-encoding'] !== undefined)
    return refusal(400, 'The length of this message can be read in two ways')
  if (!isPlainPath(url ?? '')) return refusal(400, 'This is no path of an API')
  return undefined
}

const refusal = (code: Refusal['code'], message: string): Refusal => ({ code, message })

const isFromBrowser = (headers: IncomingHttpHeaders) =>
  headers.origin !== undefined || Object.keys(headers).some((name) => name.startsWith('sec-fetch-'))

/** From the root and staying there, whoever decodes it: the place before it is not the client's to choose. */
function isPlainPath(url: string): boolean {
  const [path = ''] = url.split('?')
  if (!path.startsWith('/') || path.startsWith('//')) return false
  if (/[^\x21-\x7e]|[#\\]/.test(url)) return false
  return !path.split('/').some((it) => /^\.{1,2}$/.test(it.replace(/%2e/gi, '.')))
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter(
    (_value, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name,
  )
}

/** The head that the gateway sees: what is allowed of the client's, and the session's own token. */
export function headForGateway(
  req: IncomingMessage,
  token: string,
): Record<string, string | string[]> {
  const head: Record<string, string | string[]> = { authorization: `Bearer ${token}` }
  for (const [name, value] of Object.entries(req.headers))
    if (value !== undefined && requestNames.has(name)) head[name] = value
  // A DELETE with a body of unknown length would lose it.
  if (req.headers['transfer-encoding'] !== undefined) head['transfer-encoding'] = 'chunked'
  return head
}

/** The gateway's own pairs of name and value, in their order and spelling. */
export function headForClient(rawHeaders: readonly string[]): string[] {
  const head: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (!heldBackFromClient.has(name.toLowerCase())) head.push(name, rawHeaders[at + 1] ?? '')
  }
  return head
}

const reasons = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'MethodNotAllowed',
  502: 'InternalError',
  503: 'ServiceUnavailable',
} as const

/** What kubectl shows. */
export const statusText = ({ code, message }: Refusal): string =>
  JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `Gatehouse on this machine: ${message}`,
    reason: reasons[code],
    code,
  })
