import type { Cluster, clusters } from '../contract/clusters.ts'
import type { Handlers } from '../contract/operation.ts'
import type { Cluster as ClusterRow } from '../models/cluster.ts'
import type { Sealing } from '../models/sealing.ts'
import type { Actor } from '../policies/caller.ts'
import {
  fingerprintOf,
  listClusters,
  proxyHostOf,
  registerCluster,
  removeCluster,
  testCluster,
  updateCluster,
  type ClusterDeps,
} from '../services/clusters.ts'
import { importContext } from '../services/import.ts'
import { readKubeconfig } from '../services/kubeconfig.ts'

export const clusterRoutes = (deps: ClusterDeps): Handlers<typeof clusters, Actor> => {
  const shown = (row: ClusterRow) => presentCluster(row, deps.sealing)
  return {
    list: async (_input, actor) => (await listClusters(deps, actor)).map(shown),
    test: (input) => testCluster(deps, input),
    register: async (input) => shown(await registerCluster(deps, input)),
    update: async (input) => shown(await updateCluster(deps, input)),
    remove: ({ id }) => removeCluster(deps, id),
    inspectKubeconfig: async ({ kubeconfig }) => readKubeconfig(kubeconfig).map(presentContext),
    importContext: async (input) => shown(await importContext(deps, input)),
  }
}

/** Neither the authority nor the keeper nor a proxy's password. */
function presentCluster(row: ClusterRow, sealing: Sealing): Cluster {
  const { id, name, address, serverName, caPem, keeper, createdAt } = row
  const fingerprint = caPem === null ? undefined : fingerprintOf(caPem)
  const proxy = proxyHostOf(row, sealing)
  return {
    id,
    name,
    address,
    ...(serverName !== null && { serverName }),
    ...(fingerprint !== undefined && { caFingerprint: fingerprint }),
    ...(proxy !== undefined && { proxy }),
    keeper: keeper !== null,
    createdAt: createdAt.toISOString(),
  }
}

const presentContext = (context: ReturnType<typeof readKubeconfig>[number]) =>
  context.status === 'refused'
    ? {
        name: context.name,
        refused: context.reason,
        ...(context.address !== undefined && { address: context.address }),
      }
    : { name: context.name, address: context.reach.address }
