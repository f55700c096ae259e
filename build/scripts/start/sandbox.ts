import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Gateway } from '../../../server/contract/index.ts'
import { startCluster, type Cluster } from '../../../test/support/cluster/index.ts'
import { findTools } from '../../../test/support/cluster/node-tools.ts'
import { freePort } from '../../../test/support/cluster/ports.ts'
import type { Say } from './say.ts'

export const sandboxId = 'sandbox'

/** The port it will listen on: that of the last start when it is free. */
export async function planSandboxPort(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'port')
  const earlier = Number(await readFile(file, 'utf8').catch(() => '')) || undefined
  const port = await freePort(earlier)
  await writeFile(file, String(port), { mode: 0o600 })
  return port
}

/** Starts the cluster that is kept in this folder. Nothing in it can run a program on this machine. */
export async function startSandbox(folder: string, say: Say): Promise<Cluster> {
  const options = { folder, kwokNodes: 2, hostExec: false, progress: say }
  const without = whyNoNode()
  if (without === undefined) {
    try {
      return await startCluster({ ...options, node: true })
    } catch (error) {
      say(`the real node did not start: ${firstLine(error)}`)
    }
  } else say(`no real node: ${without}`)
  say('pods will be simulated: they have states and logs, but no processes, so exec is off')
  return startCluster({ ...options, node: false })
}

function whyNoNode(): string | undefined {
  try {
    findTools()
    return undefined
  } catch (error) {
    return firstLine(error)
  }
}

const firstLine = (error: unknown) =>
  String(error instanceof Error ? error.message : error).split('\n')[0]

const accounts = '/api/v1/namespaces/gatehouse-system/serviceaccounts'
const keeperSeconds = 90 * 86_400

/**
 * Registers it the way an administrator would import any cluster. One that is known gets a fresh
 * keeper, since it may have slept longer than the old one's token lives. True when it was new.
 */
export async function registerSandbox(
  { clusters }: Pick<Gateway, 'clusters'>,
  { handle, api }: Cluster,
): Promise<boolean> {
  const known = (await clusters.list({})).some(({ id }) => id === sandboxId)
  if (known) {
    const answer = await api.call(`${accounts}/gatehouse-keeper/token`, {
      method: 'POST',
      body: { spec: { expirationSeconds: keeperSeconds } },
    })
    if (answer.status === 201) {
      const { token } = (answer.body as { status: { token: string } }).status
      const { address, caPem } = handle
      await clusters.update({ id: sandboxId, address, caPem, keeperToken: token })
      return false
    }
    // Its folder was removed: this is another cluster, and nothing of the old one is left.
    await clusters.remove({ id: sandboxId })
  }
  await clusters.importContext({
    kubeconfig: await readFile(handle.adminKubeconfig, 'utf8'),
    context: 'cluster',
    id: sandboxId,
    name: 'Sandbox on this machine',
    presets: ['viewer', 'developer', 'operator', 'admin'],
  })
  return true
}
