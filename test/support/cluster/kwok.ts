import { appendFile, writeFile } from 'node:fs/promises'
import { createAdminApi } from './admin-api.ts'
import type { ControlPlane } from './control-plane.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { isNodeReady } from './node-ready.ts'
import { stages } from './kwok-stages.ts'
import type { Parts } from './part-list.ts'
import { startOnPort } from './ports.ts'
import { until } from './readiness.ts'
import type { Run } from './run.ts'

/** Simulated nodes carry this label; a pod that must run on one selects it. */
export const simulatedNode = { 'gatehouse.test/node': 'simulated' } as const

export interface KwokOptions {
  readonly run: Run
  readonly parts: Parts<'kwok'>
  readonly controlPlane: ControlPlane
  readonly nodes: number
  /** exec runs a process of THIS machine. For tests only: a sandbox that people use never hands out its host. */
  readonly hostExec: boolean
}

export interface Kwok {
  readonly nodeNames: readonly string[]
  /** Adds a line to the log that every simulated container shows. */
  log(line: string): Promise<void>
}

export async function startKwok(options: KwokOptions): Promise<Kwok> {
  const { run, controlPlane } = options
  const { address, credentials } = controlPlane
  const logFile = run.path('simulated.log')
  const log = (line: string) =>
    appendFile(logFile, `${new Date().toISOString()} stdout F ${line}\n`)
  await writeFile(logFile, '', { mode: 0o600 })
  await log('this container is simulated: it has a state and this log, but no process')
  const config = [...stages, ...abilities(logFile, options.hostExec)]
  await writeFile(run.path('kwok.yaml'), config.map((it) => JSON.stringify(it)).join('\n---\n'))
  await writeKubeconfig(run.path('simulator.kubeconfig'), {
    address,
    ca: { file: credentials.cert('ca') },
    user: { certFile: credentials.cert('simulator'), keyFile: credentials.key('simulator') },
  })
  const { port } = await startOnPort((port) => startOn(options, port))
  const nodeNames = Array.from({ length: options.nodes }, (_, index) => `simulated-${index + 1}`)
  await Promise.all(nodeNames.map((name) => registerNode(controlPlane, name, port)))
  await until({ what: 'The simulated nodes', withinMs: 30_000 }, async () => {
    const ready = await Promise.all(nodeNames.map((name) => isNodeReady(controlPlane.api, name)))
    return ready.every(Boolean) || undefined
  })
  return { nodeNames, log }
}

async function startOn({ run, parts, controlPlane: { credentials } }: KwokOptions, port: number) {
  const part = run.start('kwok', parts.kwok, {
    args: [
      '--kubeconfig=simulator.kubeconfig',
      '--config=kwok.yaml',
      '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
      '--node-ip=127.0.0.1',
      `--node-port=${port}`,
      `--server-address=127.0.0.1:${port}`,
      `--tls-cert-file=${credentials.cert('node')}`,
      `--tls-private-key-file=${credentials.key('node')}`,
      '--node-lease-duration-seconds=40',
    ],
  })
  // Whoever else took the port has no certificate of ours.
  const address = `https://127.0.0.1:${port}`
  const probe = createAdminApi({ address, caPem: credentials.caPem, adminToken: 'none' })
  await until({ what: 'The simulator of nodes', withinMs: 30_000, part }, async () => {
    const answer = await probe.call('/healthz')
    return answer.status === 200 || undefined
  })
  probe.close()
  return { part, port }
}

async function registerNode({ api }: ControlPlane, name: string, port: number): Promise<void> {
  const metadata = {
    name,
    labels: { ...simulatedNode, 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    annotations: { 'kwok.x-k8s.io/node': 'fake' },
  }
  const status = {
    allocatable: { cpu: '64', memory: '256Gi', pods: '20000' },
    capacity: { cpu: '64', memory: '256Gi', pods: '20000' },
  }
  const body = { apiVersion: 'v1', kind: 'Node', metadata, status }
  const answer = await api.call('/api/v1/nodes', { method: 'POST', body })
  if (answer.status === 201) return
  if (answer.status !== 409) throw new Error(`The node ${name} was refused: ${answer.text}`)
  // It is there from an earlier run, with the port of that run.
  await api.want(`/api/v1/nodes/${name}/status`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { status: { daemonEndpoints: { kubeletEndpoint: { Port: port } } } },
  })
}

function abilities(logFile: string, hostExec: boolean): object[] {
  const one = (kind: string, spec: object) => ({
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind,
    metadata: { name: 'all' },
    spec,
  })
  const harmless = [
    {
      apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
      kind: 'KwokConfiguration',
      options: {
        // Without it a pod would have its node's address, which is this machine's.
        cidr: '10.244.0.1/16',
        enableDebuggingHandlers: true,
        enableProfilingHandler: false,
        podPlayStageParallelism: 16,
        nodePlayStageParallelism: 4,
        nodeLeaseParallelism: 4,
        podsOnNodeSyncParallelism: 4,
      },
    },
    one('ClusterLogs', { logs: [{ logsFile: logFile, previousLogsFile: logFile, follow: true }] }),
    one('ClusterAttach', { attaches: [{ logsFile: logFile }] }),
    // A forwarded port answers with what it was sent.
    one('ClusterPortForward', { forwards: [{ command: ['cat'] }] }),
  ]
  if (!hostExec) return harmless
  // The simulator asks no one who they are, so what it starts is nobody's.
  const nobody = { securityContext: { runAsUser: 65_534, runAsGroup: 65_534 } }
  const local = { workDir: '/', ...(process.getuid?.() === 0 && nobody) }
  return [...harmless, one('ClusterExec', { execs: [{ local }] })]
}
