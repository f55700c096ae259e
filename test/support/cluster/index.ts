import type { ClusterClient } from './client.ts'
import { connectCluster } from './client.ts'
import type { ControlPlane } from './control-plane.ts'
import { startControlPlane } from './control-plane.ts'
import type { Kwok } from './kwok.ts'
import { startKwok } from './kwok.ts'
import { startMetricsServer } from './metrics-server.ts'
import type { RealNode } from './node.ts'
import { realNodeName, startNode } from './node.ts'
import type { PartName, Parts, Progress } from './part-list.ts'
import { findParts } from './parts.ts'
import type { RunningPart } from './run-record.ts'
import { Run } from './run.ts'
import { until } from './readiness.ts'

export interface ClusterOptions {
  /** Kept between runs; without it everything is temporary. One process at a time may run it. */
  readonly folder?: string
  /** The real kubelet and containerd: Linux and root only. */
  readonly node: boolean
  readonly kwokNodes: number
  /** exec on simulated pods runs processes of this machine: for tests only. */
  readonly hostExec?: boolean
  readonly audit?: boolean
  /** A real metrics server for the real node; it measures first some ten seconds later. */
  readonly metrics?: boolean
  /** No pod gets at the machine, whoever makes it; on unless said otherwise for a cluster that is kept. */
  readonly protectHost?: boolean
  /** Merged over the configuration of the real node's kubelet. */
  readonly kubelet?: Readonly<Record<string, unknown>>
  readonly progress?: Progress
}

export interface Cluster extends ClusterClient {
  readonly folder: string
  readonly controlPlane: ControlPlane
  readonly kwok: Kwok | undefined
  readonly node: RealNode | undefined
  /** What runs for it at this moment. */
  parts(): readonly RunningPart[]
  stop(): Promise<void>
}

/** Starts a whole real cluster on 127.0.0.1. Whatever becomes of this process, nothing of it stays behind. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { progress = () => {} } = options
  const parts = await findParts(neededParts(options), { progress })
  const run = await Run.open(options.folder)
  try {
    progress(`starting the cluster in ${run.folder}`)
    const cluster = await start(run, parts as Parts, options)
    progress(`the cluster answers at ${cluster.handle.address}`)
    return cluster
  } catch (error) {
    await run.close()
    throw error
  }
}

function neededParts({ node, kwokNodes, metrics }: ClusterOptions): readonly PartName[] {
  const always = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const
  const nodes = [
    ...(node ? (['kubelet'] as const) : []),
    ...(kwokNodes > 0 ? (['kwok'] as const) : []),
    ...(metrics ? (['metrics-server'] as const) : []),
  ]
  return [...always, 'kubectl', 'agnhost', ...nodes]
}

async function start(run: Run, parts: Parts, options: ClusterOptions): Promise<Cluster> {
  const { folder, kwokNodes, hostExec = false, audit = false, kubelet } = options
  const durable = folder !== undefined
  const { protectHost = durable } = options
  const controlPlane = await startControlPlane({
    run,
    parts,
    nodeName: realNodeName,
    durable,
    audit,
    protectHost,
  })
  const [kwok, node] = await Promise.all([
    kwokNodes > 0 ? startKwok({ run, parts, controlPlane, nodes: kwokNodes, hostExec }) : undefined,
    options.node
      ? startNode({
          run,
          parts,
          controlPlane,
          kubelet: { ...(protectHost && { seccompDefault: true }), ...kubelet },
        })
      : undefined,
    until({ what: 'The controllers', withinMs: 30_000 }, async () => {
      const answer = await controlPlane.api.call(
        '/api/v1/namespaces/default/serviceaccounts/default',
      )
      return answer.status === 200 || undefined
    }),
  ])
  if (options.metrics) {
    if (node === undefined) throw new Error('The metrics server measures the real node only')
    await startMetricsServer({ run, parts, controlPlane, node })
  }
  const { address, caPem, serverName, adminToken, adminKubeconfig, auditLog } = controlPlane
  const client = connectCluster({
    address,
    caPem,
    serverName,
    adminToken,
    adminKubeconfig,
    auditLog,
    parts: { kubectl: parts.kubectl, agnhost: parts.agnhost },
    containerdSocket: node?.socket,
  })
  return {
    ...client,
    folder: run.folder,
    controlPlane,
    kwok,
    node,
    parts: () => run.parts,
    async stop() {
      client.api.close()
      controlPlane.api.close()
      await run.close()
    },
  }
}
