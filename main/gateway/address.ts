import { isIP } from 'node:net'
import { invalidField } from '#gateway/errors.ts'

/** The one spelling of a gateway's address: its origin. Tokens travel over https only. */
export function readAddress(text: string): string {
  const typed = text.trim()
  // What the parser would drop or turn round is refused: the host that is shown must be the one that was typed.
  if (/[\p{Cc}\p{Cf}\p{Z}\\@]/u.test(typed)) throw wrong('holds characters that no address has')
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`)
  if (url?.protocol !== 'https:') throw wrong('must be an https address')
  if (url.search || url.hash || url.pathname !== '/' || /[?#]/.test(typed))
    throw wrong('is https://host:port and nothing more')
  return url.origin
}

const wrong = (message: string) => invalidField('address', message)

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

export interface Target {
  readonly host: string
  readonly port: number
  /** For the server to choose a certificate by; IP addresses have none. */
  readonly servername: string
}

export function targetOf(address: string): Target {
  const { hostname, port } = new URL(address)
  // Brackets are a URL's way of writing IPv6.
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return { host, port: Number(port || 443), servername: isIP(host) ? '' : host }
}
