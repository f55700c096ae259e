import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AdminApi } from './admin-api.ts'
import type { ControlPlane } from './control-plane.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { containerdConfig, initScript, kubeletConfig } from './node-config.ts'
import { importSmallImages, pauseImage } from './node-images.ts'
import { createCgroups, createNetwork, snapshotter } from './node-machine.ts'
import { isNodeReady } from './node-ready.ts'
import { findTools } from './node-tools.ts'
import type { Parts } from './part-list.ts'
import { startOnPort } from './ports.ts'
import { until } from './readiness.ts'
import type { Run } from './run.ts'

/** The real node carries this label; a pod that must be exact selects it. */
export const realNode = { 'gatehouse.test/node': 'real' } as const
export const realNodeName = 'real-1'

export interface NodeOptions {
  readonly run: Run
  readonly parts: Parts<'kubelet'>
  readonly controlPlane: ControlPlane
  /** Merged over the kubelet's configuration, for what a test must have otherwise. */
  readonly kubelet?: Readonly<Record<string, unknown>>
}

export interface RealNode {
  readonly name: string
  readonly socket: string
  /** Every process of the node lives in the process namespace of this one and ends with it. */
  readonly initPid: number
  /** This machine’s address on the network of the pods: what the API server takes for an endpoint, as it takes no loopback address. */
  readonly machineAddress: string
}

export async function startNode(options: NodeOptions): Promise<RealNode> {
  const { run } = options
  const tools = findTools()
  const since = new Date()
  const folder = run.path('node')
  refuseHidden(folder, options.parts.kubelet)
  // Containers of an earlier run are gone; the kubelet starts them anew from what the API server knows.
  await rm(folder, { recursive: true, force: true })
  for (const name of folders) await mkdir(join(folder, name), { recursive: true, mode: 0o700 })
  const id = randomBytes(4).toString('hex')
  const machineAddress = await createNetwork(run, id, folder)
  await createCgroups(run, `gatehouse-${id}`)
  await writeFile(
    join(folder, 'containerd.toml'),
    containerdConfig({
      folder,
      pauseImage,
      cniFolder: tools.cniFolder,
      snapshotter: await snapshotter(folder),
    }),
  )
  const socket = join(folder, 'containerd.sock')
  const { api } = options.controlPlane
  const { initPid } = await startOnPort(async (port) => {
    const programs = await startPrograms(options, { folder, port, id })
    const images = importSmallImages(socket, tools)
    // When the node ends early, its own last words say more than this import.
    images.catch(() => {})
    await until({ what: 'The real node', withinMs: 60_000, part: programs.part }, async () => {
      const known = await welcome(api)
      return (known && (await isNodeReady(api, realNodeName, since))) || undefined
    })
    await images
    return programs
  })
  return { name: realNodeName, socket, initPid, machineAddress }
}

/** What the node keeps of /var/lib, /var/log and /run, and its network configuration. */
const folders = ['lib/kubelet', 'lib/cni', 'log/containers', 'log/pods', 'run/containerd', 'cni']

function refuseHidden(...paths: string[]): void {
  const hidden = paths.find((it) => /^\/(var\/lib|var\/log|run)\//.test(it))
  if (hidden !== undefined)
    throw new Error(
      `The real node hides /var/lib, /var/log and /run, so ${hidden} cannot lie there`,
    )
}

interface Programs {
  readonly folder: string
  readonly port: number
  readonly id: string
}

async function startPrograms(options: NodeOptions, { folder, port, id }: Programs) {
  const { run, parts, controlPlane, kubelet } = options
  const { address, credentials } = controlPlane
  const at = (name: string) => join(folder, name)
  await writeKubeconfig(at('kubelet.kubeconfig'), {
    address,
    ca: { file: credentials.cert('ca') },
    user: { certFile: credentials.cert('kubelet'), keyFile: credentials.key('kubelet') },
  })
  const config = kubeletConfig({ folder, port, cgroupRoot: `/gatehouse-${id}`, credentials })
  await writeFile(at('kubelet.json'), JSON.stringify({ ...config, ...kubelet }))
  await copyFile('/etc/resolv.conf', at('resolv.conf'))
  const socket = at('containerd.sock')
  await rm(socket, { force: true })
  await writeFile(
    at('init.sh'),
    initScript({ folder, kubelet: parts.kubelet, nodeName: realNodeName }),
  )
  // The namespaces take every process and every mount of the node with them when their first process ends.
  const part = run.start('node', 'unshare', {
    env: { PATH: process.env['PATH'] },
    args: [
      '--mount',
      '--propagation=private',
      '--pid',
      '--mount-proc',
      '--kill-child=KILL',
      'sh',
      at('init.sh'),
    ],
  })
  const initPid = await until({ what: 'The namespaces of the node', withinMs: 10_000, part }, () =>
    onlyChildOf(part.pid),
  )
  run.adopt('node-init', initPid)
  await until(
    { what: 'containerd', withinMs: 30_000, part },
    async () => existsSync(socket) || undefined,
  )
  return { part, initPid }
}

async function onlyChildOf(pid: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return Number(children.trim().split(' ')[0]) || undefined
}

interface RegisteredNode {
  readonly metadata: { readonly resourceVersion: string }
  readonly spec: { readonly taints?: readonly { readonly key: string }[] }
  readonly status: { readonly addresses?: readonly { readonly type: string }[] }
}

const untold = 'node.cloudprovider.kubernetes.io/uninitialized'

/**
 * A kubelet refuses a loopback address as its own, so its address is told to the API server in its stead.
 * True once nothing had to be told any more: a first report of the kubelet can still overwrite it.
 */
async function welcome(api: AdminApi): Promise<boolean> {
  const path = `/api/v1/nodes/${realNodeName}`
  const headers = { 'content-type': 'application/merge-patch+json' }
  const answer = await api.call(path)
  if (answer.status !== 200) return false
  const { metadata, spec, status } = answer.body as RegisteredNode
  const known = status.addresses?.some((it) => it.type === 'InternalIP') === true
  if (!known) {
    const addresses = [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'Hostname', address: realNodeName },
    ]
    await api.want(`${path}/status`, { method: 'PATCH', headers, body: { status: { addresses } } })
  }
  if (!spec.taints?.some((it) => it.key === untold)) return known
  const taints = spec.taints.filter((it) => it.key !== untold)
  // Somebody else may have changed the taints meanwhile: then it is tried again at the next look.
  const body = { metadata: { resourceVersion: metadata.resourceVersion }, spec: { taints } }
  const patched = await api.call(path, { method: 'PATCH', headers, body })
  if (patched.status >= 400 && patched.status !== 409) throw new Error(patched.text)
  return false
}
