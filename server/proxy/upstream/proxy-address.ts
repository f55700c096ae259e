import { hostOf, readHostname, readPort } from './address.ts'

/** An HTTP proxy that leads to a cluster by CONNECT. */
export interface Proxy {
  readonly hostname: string
  readonly port: number
  /** Host and port only: what may be shown. */
  readonly host: string
  /** Whether the proxy itself is spoken to over TLS. */
  readonly secure: boolean
  readonly authorization: string | undefined
}

export type ParsedProxy =
  | { readonly status: 'ok'; readonly proxy: Proxy }
  | { readonly status: 'refused'; readonly reason: string }

const grammar =
  /^(https?):\/\/(?:([^:@/?#\s]*)(?::([^@/?#\s]*))?@)?(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?\/?$/i

/** Reads a proxy’s address. A user and password are allowed here, and only here. */
export function parseProxy(text: string): ParsedProxy {
  const found = text.length > 2048 ? null : grammar.exec(text)
  if (!found) return refused('write http://[user:password@]host:port')
  const [, scheme = '', user, password = '', written = '', portText] = found
  const secure = scheme.toLowerCase() === 'https'
  const hostname = readHostname(written)
  const port = readPort(portText, secure ? 443 : 80)
  if (hostname === undefined || port === undefined) return refused('its host or port is not valid')
  const credentials = user === undefined ? undefined : decoded(user, password)
  if (credentials === null) return refused('its user or password is not valid')
  return {
    status: 'ok',
    proxy: {
      hostname,
      port,
      host: hostOf(hostname, port),
      secure,
      authorization: credentials && `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`,
    },
  }
}

const refused = (reason: string): ParsedProxy => ({ status: 'refused', reason })

function decoded(user: string, password: string): string | null {
  try {
    return `${decodeURIComponent(user)}:${decodeURIComponent(password)}`
  } catch {
    return null
  }
}
