import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { createSend } from '../../../server/cli/send.ts'
import { createGatewayClient } from '../../../server/contract/client.ts'
import type { Preset } from '../../../server/contract/grants.ts'
import type { Gateway } from '../../../server/contract/index.ts'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import { Run } from '../../../test/support/cluster/run.ts'
import { startGatewayProgram } from './gateway-program.ts'

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
  options: LabOptions = {},
): Promise<LabGateway> {
  const run = await Run.open(join(folder, 'lab'))
  try {
    return await openLab(run, cluster, options)
  } catch (error) {
    await run.close()
    throw error
  }
}

async function openLab(
  run: Run,
  { handle }: Pick<Cluster, 'handle'>,
  { id: clusterId = 'lab', name = 'Lab', environment = {} }: LabOptions,
): Promise<LabGateway> {
  const { part, address, caFile, setUpCode } = await startGatewayProgram(run, handle, {
    // A whole run is shorter than one access token then.
    GATEHOUSE_ACCESS_SECONDS: '86400',
    GATEHOUSE_LOG_LEVEL: 'warn',
    ...environment,
  })
  const caPem = await readFile(caFile, 'utf8')
  const as = (token?: string) =>
    createGatewayClient(
      createSend(
        { address, caPem },
        token === undefined ? undefined : () => Promise.resolve(token),
      ),
    )
  const password = randomBytes(16).toString('hex')
  await as().entry.setUp({ code: setUpCode, name: 'root', password })
  const { accessToken } = await as().entry.signIn({ name: 'root', password, device: 'lab' })
  const admin = as(accessToken)
  const kubeconfig = await readFile(handle.adminKubeconfig, 'utf8')
  const [context] = await admin.clusters.inspectKubeconfig({ kubeconfig })
  if (!context) throw new Error('the kubeconfig of the cluster has no context')
  await admin.clusters.importContext({
    kubeconfig,
    context: context.name,
    id: clusterId,
    name,
  })
  const { folder } = run
  return {
    address,
    caPem,
    pid: part.pid,
    admin,
    person: (preset) => makePerson({ admin, as, address, caPem, folder, clusterId }, preset),
    async stop() {
      // What it wrote goes with its folder.
      if (part.hasExited()) process.stderr.write(`the gateway ended:\n${part.lastWords()}\n`)
      await run.close()
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
