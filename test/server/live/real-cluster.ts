import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { connectCluster, type ClusterClient } from '../../support/cluster/client.ts'
import { openLiveWorld, type LiveWorld, type TestProfile } from './world.ts'

/** The run’s cluster behind a live engine, with one identity that may read everything. */
export interface RealWorld {
  readonly cluster: ClusterClient
  readonly world: LiveWorld
  readonly everything: TestProfile
  readonly place: { readonly cluster: string; readonly profile: string }
  /** A token of a new account. */
  token(options: { clusterRole?: string; role?: { clusterRole: string } }): Promise<string>
  /** Where accounts of this world are. */
  readonly home: string
  end(): Promise<void>
}

export async function openRealWorld(options: { linger?: number } = {}): Promise<RealWorld> {
  const cluster = connectCluster(inject('cluster'))
  const { address, caPem } = cluster.handle
  const world = await openLiveWorld({ allow: [new URL(address).host], ...options })
  await world.register({ id: 'real', address, caPem })
  const home = await cluster.namespace('live')
  const token: RealWorld['token'] = (rights) =>
    cluster.serviceAccountToken(home.name, `a-${randomBytes(4).toString('hex')}`, rights)
  const place = { cluster: 'real', profile: 'everything' }
  const everything = await world.profile(
    place.cluster,
    place.profile,
    await token({ clusterRole: 'cluster-admin' }),
  )
  return {
    cluster,
    world,
    everything,
    place,
    token,
    home: home.name,
    async end() {
      await world.end()
      await home.remove()
      cluster.api.close()
    },
  }
}
