import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Where a cluster or proxy is, taken apart once; nothing else in the gateway reads its text again. */
export interface Address {
  /** Lower case, IPv6 without brackets. */
  readonly hostname: string
  readonly port: number
  /** For the Host header: brackets kept, port left out where it is the usual one. */
  readonly host: string
  /** '' or '/prefix', never ending in a slash. */
  readonly basePath: string
}

export type ParsedAddress =
  | { readonly status: 'ok'; readonly address: Address }
  | { readonly status: 'refused'; readonly reason: string }

const grammar = /^https:\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?(\/[a-z0-9._~/-]*)?$/i
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Reads a cluster’s address by its own grammar, because URL parsers repair what should be refused. */
export function parseAddress(text: string): ParsedAddress {
  const found = text.length > 2048 ? null : grammar.exec(text)
  if (!found) return refused(whyNotAnAddress(text))
  const [, written = '', portText, path = ''] = found
  const hostname = readHostname(written)
  if (hostname === undefined)
    return refused(`"${written}" is neither a host name nor an IP address written in the usual way`)
  const port = readPort(portText, 443)
  if (port === undefined) return refused('the port is not between 1 and 65535')
  const basePath = path.replace(/\/+$/, '')
  const odd = basePath
    .split('/')
    .slice(1)
    .some((it) => it === '' || it === '.' || it === '..')
  if (odd) return refused('the path has an empty, "." or ".." part')
  return {
    status: 'ok',
    address: { hostname, port, host: hostOf(hostname, port, 443), basePath },
  }
}

const refused = (reason: string): ParsedAddress => ({ status: 'refused', reason })

function whyNotAnAddress(text: string): string {
  if (text.length > 2048) return 'the address is too long'
  if (!/^https:\/\//i.test(text)) return 'the address must begin with https://'
  if (/[?#]/.test(text)) return 'the address must not have a query or fragment'
  if (/^https:\/\/[^/]*@/i.test(text)) return 'the address must not have a user or password'
  return 'the address has characters that do not belong there'
}

/** A host as one may write it: no octal, decimal or hexadecimal forms of IPv4, no zones. */
export function readHostname(written: string): string | undefined {
  const text = written.toLowerCase()
  if (text.startsWith('[')) {
    const inner = text.slice(1, -1)
    return text.endsWith(']') && isIPv6(inner) && !inner.includes('%') ? inner : undefined
  }
  if (isIPv4(text)) return text
  const labels = text.split('.')
  const last = labels.at(-1) ?? ''
  // Resolvers read a name that ends in a number as an IPv4 address: 2130706433, 0x7f.1, 127.1.
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(last)) return undefined
  return text.length <= 253 && labels.every((it) => label.test(it)) ? text : undefined
}

export function readPort(text: string | undefined, usual: number): number | undefined {
  if (text === undefined) return usual
  const port = Number(text)
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined
}

const bracketed = (hostname: string) => (isIPv6(hostname) ? `[${hostname}]` : hostname)

export const hostOf = (hostname: string, port: number, usual?: number): string =>
  port === usual ? bracketed(hostname) : `${bracketed(hostname)}:${port}`

const closed: readonly { readonly reason: string; readonly networks: readonly string[] }[] = [
  { reason: 'this machine itself (loopback)', networks: ['127.0.0.0/8', '::1/128'] },
  {
    reason: 'a cloud’s metadata service',
    networks: [
      '169.254.169.254/32',
      '169.254.170.2/32',
      '100.100.100.200/32',
      '168.63.129.16/32',
      '192.0.0.192/32',
      'fd00:ec2::254/128',
      'fd20:ce::254/128',
    ],
  },
  { reason: 'a link-local address', networks: ['169.254.0.0/16', 'fe80::/10'] },
  { reason: 'no particular address (unspecified)', networks: ['0.0.0.0/8', '::/128'] },
  {
    reason: 'a multicast or broadcast address',
    networks: ['224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'],
  },
  {
    reason: 'a reserved or translated address',
    networks: [
      '192.0.0.0/24',
      '::/96',
      '::ffff:0:0:0/96',
      '64:ff9b:1::/48',
      '2002::/16',
      '2001::/32',
    ],
  },
]

const closedLists = closed.map(({ reason, networks }) => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/')
    if (isIPv6(address)) list.addSubnet(address, Number(bits), 'ipv6')
    else {
      // A BlockList reads the mapped form ::ffff:a.b.c.d as IPv4 by itself; NAT64 it does not know.
      list.addSubnet(address, Number(bits), 'ipv4')
      list.addSubnet(`64:ff9b::${address}`, 96 + Number(bits), 'ipv6')
    }
  }
  return { reason, list }
})

/** What an IP address is that no cluster may have; undefined for public and private ones. */
export function closedRange(ip: string): string | undefined {
  const family = isIP(ip)
  if (family === 0 || ip.includes('%')) return 'not an IP address'
  return closedLists.find(({ list }) => list.check(ip, family === 6 ? 'ipv6' : 'ipv4'))?.reason
}

/** Whether an IP address is one of this machine’s own. */
export function isOwnAddress(ip: string): boolean {
  const own = new BlockList()
  for (const interfaces of Object.values(networkInterfaces()))
    for (const { address, family } of interfaces ?? [])
      own.addAddress(address, family === 'IPv6' ? 'ipv6' : 'ipv4')
  return own.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}
