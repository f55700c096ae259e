import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stringify } from 'yaml'
import { createSend } from '../../../server/cli/send.ts'
import { createGatewayClient } from '../../../server/contract/client.ts'
import type { Preset } from '../../../server/contract/grants.ts'
import type { Gateway } from '../../../server/contract/index.ts'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import { openDataFolder } from '../start/data-folder.ts'
import { root } from '../tools.ts'

/** A gateway in a process of its own, as it runs in production, with one cluster registered. */
export interface LabGateway {
  readonly address: string
  readonly caPem: string
  readonly pid: number
  readonly admin: Gateway
  /** Makes a person with all of a preset’s rights, signed in. */
  person(preset: Preset): Promise<LabPerson>
  stop(): Promise<void>
}

export interface LabPerson {
  readonly name: string
  readonly password: string
  readonly token: string
  readonly sessionId: string
  /** A file for kubectl, with the bearer written in. */
  readonly kubeconfig: string
  /** Below the gateway’s address. */
  readonly path: string
}

export interface LabOptions {
  /** The cluster's id and name at the gateway. */
  readonly id?: string
  readonly name?: string
  /** Further settings, as the environment names them. */
  readonly environment?: Readonly<Record<string, string>>
}

export async function startLabGateway(
  cluster: Pick<Cluster, 'handle'>,
  folder: string,
  { id: clusterId = 'lab', name = 'Lab', environment = {} }: LabOptions = {},
): Promise<LabGateway> {
  const data = await openDataFolder(join(folder, 'gateway'))
  const caPem = await readFile(data.caFile, 'utf8')
  const port = await freePort()
  const address = `https://127.0.0.1:${port}`
  const child = spawn(process.execPath, ['server/index.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      ...data.environment,
      GATEHOUSE_PORT: String(port),
      GATEHOUSE_PUBLIC_URL: address,
      GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: new URL(cluster.handle.address).host,
      // A whole run is shorter than one access token then.
      GATEHOUSE_ACCESS_SECONDS: '86400',
      GATEHOUSE_LOG_LEVEL: 'warn',
      ...environment,
    },
  })
  child.stdout.pipe(process.stderr)
  const code = await setUpCode(child)
  const as = (token?: string) =>
    createGatewayClient(
      createSend(
        { address, caPem },
        token === undefined ? undefined : () => Promise.resolve(token),
      ),
    )
  const password = randomBytes(16).toString('hex')
  await as().entry.setUp({ code, name: 'root', password })
  const { accessToken } = await as().entry.signIn({ name: 'root', password, device: 'lab' })
  const admin = as(accessToken)
  const kubeconfig = await readFile(cluster.handle.adminKubeconfig, 'utf8')
  const [context] = await admin.clusters.inspectKubeconfig({ kubeconfig })
  if (!context) throw new Error('the kubeconfig of the cluster has no context')
  await admin.clusters.importContext({
    kubeconfig,
    context: context.name,
    id: clusterId,
    name,
  })
  return {
    address,
    caPem,
    pid: child.pid ?? 0,
    admin,
    person: (preset) => makePerson({ admin, as, address, caPem, folder, clusterId }, preset),
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

interface Lab {
  readonly admin: Gateway
  readonly as: (token?: string) => Gateway
  readonly address: string
  readonly caPem: string
  readonly folder: string
  readonly clusterId: string
}

async function makePerson(
  { admin, as, address, caPem, folder, clusterId }: Lab,
  preset: Preset,
): Promise<LabPerson> {
  const name = `${preset}-${randomBytes(4).toString('hex')}`
  const password = randomBytes(16).toString('hex')
  const person = await admin.persons.create({ name, password })
  const profile = (await admin.profiles.list({ clusterId })).find((it) => it.name === preset)
  if (!profile) throw new Error(`the import made no profile ${preset}`)
  await admin.grants.create({ personId: person.id, profileId: profile.id, preset })
  const { accessToken: token, session } = await as().entry.signIn({ name, password, device: 'lab' })
  const path = `/k8s/${clusterId}@${preset}`
  const kubeconfig = join(folder, `${name}.yaml`)
  await writeFile(kubeconfig, kubeconfigOf(`${address}${path}`, caPem, token), { mode: 0o600 })
  return { name, password, token, sessionId: session.id, kubeconfig, path }
}

const kubeconfigOf = (server: string, caPem: string, token: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'lab',
        cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') },
      },
    ],
    users: [{ name: 'lab', user: { token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    'current-context': 'lab',
  })

/** The code is printed once the gateway listens. */
async function setUpCode(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('the gateway was started without its output')
  for await (const line of createInterface({ input: child.stderr })) {
    const code = /shown once: (\S+)/.exec(line)?.[1]
    if (code !== undefined) {
      child.stderr.pipe(process.stderr)
      return code
    }
    if (line.trim() !== '') process.stderr.write(`${line}\n`)
  }
  throw new Error('the gateway ended before it listened')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
