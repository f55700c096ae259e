import { AppError, invalidField } from '../../contract/errors.ts'
import type { Reach } from '../../contract/clusters.ts'
import type { Cluster } from '../../models/cluster.ts'
import type { Sealing } from '../../models/sealing.ts'
import { parseAddress } from './address.ts'
import type { Route } from './connector.ts'
import { parseProxy } from './proxy-address.ts'

/** Reads what someone typed. Throws AppError naming the field. */
export function routeFrom({ address, caPem, serverName, proxyUrl }: Reach): Route {
  const parsed = parseAddress(address)
  if (parsed.status === 'refused') throw invalidField('address', parsed.reason)
  const proxy = proxyUrl === undefined ? undefined : parseProxy(proxyUrl)
  if (proxy?.status === 'refused') throw invalidField('proxyUrl', proxy.reason)
  return { address: parsed.address, caPem, serverName, proxy: proxy?.proxy }
}

/** Reads a cluster’s row. */
export function routeOf(row: Cluster, sealing: Sealing): Route {
  const { id, address, caPem, serverName } = row
  try {
    return routeFrom({
      address,
      ...(caPem !== null && { caPem }),
      ...(serverName !== null && { serverName }),
      ...(row.proxyUrl !== null && { proxyUrl: sealing.open(row.proxyUrl, proxyPlace(id)) }),
    })
  } catch (cause) {
    throw new AppError('unavailable', `How to reach the cluster "${id}" cannot be read`, { cause })
  }
}

export const proxyPlace = (clusterId: string) => ({
  table: 'clusters',
  column: 'proxyUrl',
  row: clusterId,
})
export const keeperPlace = (clusterId: string) => ({
  table: 'clusters',
  column: 'keeper',
  row: clusterId,
})
export const credentialPlace = (profileId: string) => ({
  table: 'profiles',
  column: 'credential',
  row: profileId,
})
