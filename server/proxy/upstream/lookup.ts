import { lookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { closedRange, hostOf, isOwnAddress } from './address.ts'
import { ConnectFailure } from './connect-failure.ts'

/** Turns a name into IP addresses. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

/** Decides which addresses the gateway may connect to; asked for clusters and their proxies alike. */
export interface Guard {
  /**
   * Resolves once and judges every candidate; whoever connects uses these and asks no resolver again.
   * @throws ConnectFailure of the stage dns or address.
   */
  addresses(hostname: string, port: number): Promise<readonly string[]>
}

export interface GuardOptions {
  /** Exact `host:port` that may be reached though they are in a closed range. */
  readonly allow: readonly string[]
  /** The ports this gateway itself listens on. */
  readonly ownPorts: () => readonly number[]
  readonly resolve?: Resolve
}

const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found) =>
      error ? reject(error) : resolve(found.map((it) => it.address)),
    )
  })

export function createGuard({ allow, ownPorts, resolve = systemResolve }: GuardOptions): Guard {
  const allowed: ReadonlySet<string> = new Set(allow.map((it) => it.toLowerCase()))
  const judge = (hostname: string, ip: string, port: number) => {
    if (allowed.has(hostOf(hostname, port)) || allowed.has(hostOf(ip, port))) return
    const reason =
      closedRange(ip) ??
      (ownPorts().includes(port) && isOwnAddress(ip) ? 'this gateway itself' : undefined)
    if (reason === undefined) return
    const what = hostname === ip ? ip : `${hostname} (${ip})`
    throw new ConnectFailure('address', {
      message: `${what} is ${reason}, which no cluster may be. If it is meant, list ${hostOf(hostname, port)} in clusterAddresses.allow of the gateway’s configuration.`,
    })
  }
  return {
    async addresses(hostname, port) {
      const found = isIP(hostname) ? [hostname] : await named(hostname, resolve)
      for (const ip of found) judge(hostname, ip, port)
      return found
    },
  }
}

async function named(hostname: string, resolve: Resolve): Promise<readonly string[]> {
  const message = `The name ${hostname} is not known to the gateway’s name service. Check its spelling, or whether it is known inside your network only.`
  const found = await resolve(hostname).catch((cause: unknown) => {
    throw new ConnectFailure('dns', { message, cause })
  })
  if (found.length === 0) throw new ConnectFailure('dns', { message })
  return found
}

/** A lookup for node:net that answers with what was judged and asks nobody. */
export const pinnedLookup =
  (addresses: readonly string[]): LookupFunction =>
  (_hostname, options, callback) => {
    const all: LookupAddress[] = addresses.map((it) => ({ address: it, family: isIP(it) }))
    const [first] = all
    if (!first) callback(new Error('no address'), [])
    else if (options.all) callback(null, all)
    else callback(null, first.address, first.family)
  }
