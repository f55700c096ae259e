import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import type { Run } from '../../../test/support/cluster/run.ts'
import { startGatewayProgram } from '../lab/gateway-program.ts'
import { root as project } from '../tools.ts'

const commandLine = join(project, 'server', 'cli', 'index.ts')

export interface Admitted {
  /** What `gatehouse kubeconfig` wrote for the person: it asks `gatehouse token` for every token. */
  readonly kubeconfig: string
  /** The reasons of everything that the gateway has refused so far, from its audit. */
  refusals(): Promise<string[]>
}

/**
 * Starts a gateway as its own process, registers the cluster and lets a person in with the profile for
 * administrators, all by the commands that people use.
 */
export async function admitPerson(run: Run, cluster: Cluster): Promise<Admitted> {
  const { address, caFile, setUpCode } = await startGatewayProgram(run, cluster.handle, {
    GATEHOUSE_DRAIN_SECONDS: '2',
  })
  const where = ['--gateway', address]
  const secret = () => randomBytes(18).toString('base64url')
  const root = device(run, 'administrator')
  const account = { name: 'administrator', password: secret() }
  await root(
    ['call', 'entry.setUp', '-', ...where, '--ca', caFile],
    JSON.stringify({ code: setUpCode, ...account }),
  )
  const signIn = ['login', address, '--ca', caFile, '--password-stdin', '--name']
  await root([...signIn, account.name], account.password)
  const call = async (operation: string, input: unknown): Promise<unknown> =>
    JSON.parse(await root(['call', operation, '-', ...where], JSON.stringify(input)))

  const id = 'conformance'
  const kubeconfigOfCluster = await readFile(cluster.handle.adminKubeconfig, 'utf8')
  const { 'current-context': context } = JSON.parse(kubeconfigOfCluster) as Kubeconfig
  await call('clusters.importContext', { kubeconfig: kubeconfigOfCluster, context, id, name: id })
  const profiles = (await call('profiles.list', { clusterId: id })) as readonly Named[]
  const profile = profiles.find((it) => it.name === 'admin')
  if (profile === undefined) throw new Error('The import made no profile for administrators')
  const person = { name: 'tester', password: secret() }
  const { id: personId } = (await call('persons.create', person)) as Named
  await call('grants.create', { personId, profileId: profile.id, preset: 'admin' })

  const own = device(run, person.name)
  await own([...signIn, person.name], person.password)
  const kubeconfig = run.path('gateway.kubeconfig')
  await own(['kubeconfig', '--write', kubeconfig, ...where])
  return {
    kubeconfig,
    async refusals() {
      const lines = await root(['audit', 'export', '--result', 'refused', ...where])
      const events = lines.split('\n').filter((it) => it !== '')
      return events.map((it) => (JSON.parse(it) as { reason?: string }).reason ?? '')
    },
  }
}

interface Kubeconfig {
  readonly 'current-context': string
}

interface Named {
  readonly id: string
  readonly name: string
}

/** Somebody's own machine: `gatehouse` with a state folder of its own; gives what the command printed. */
const device =
  (run: Run, owner: string) =>
  async (args: readonly string[], input = ''): Promise<string> => {
    const child = spawn(process.execPath, [commandLine, ...args], {
      env: {
        PATH: process.env['PATH'],
        HOME: run.folder,
        GATEHOUSE_HOME: run.path(`device-${owner}`),
      },
    })
    // What refuses at once need not have read its input.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    const [output, words, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    if (code !== 0) throw new Error(`gatehouse ${args.slice(0, 2).join(' ')}: ${words.trim()}`)
    return output
  }
