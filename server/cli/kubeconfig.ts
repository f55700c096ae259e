import { mkdir, readFile, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context } from '../contract/contexts.ts'
import { readArguments } from './arguments.ts'
import { home, writePrivate } from './device.ts'
import { connect, gatewayOption } from './gateway.ts'
import { mergeKubeconfig, type Entry, type Own } from './kubeconfig-file.ts'
import { withLock } from './lock.ts'
import { Refusal } from './refusal.ts'

const options = {
  ...gatewayOption,
  write: { type: 'string' },
  cluster: { type: 'string' },
} as const

export async function kubeconfig(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, options)
  const { gateway, peer } = connect(values.gateway)
  const contexts = (await gateway.contexts.list({})).filter(
    ({ clusterId }) => values.cluster === undefined || clusterId === values.cluster,
  )
  if (contexts.length === 0 && values.cluster !== undefined)
    throw new Refusal(`You have no grant on a cluster called ${values.cluster}`)
  const own: Own = {
    address: peer.address,
    caPem: peer.caPem,
    entries: contexts.map((context) => entryOf(peer.address, context)),
    clusterId: values.cluster,
    plugin: pluginFor(peer.address),
  }
  if (values.write === undefined) process.stdout.write(mergeKubeconfig('', own))
  else await mergeInto(values.write, own)
}

const entryOf = (address: string, { clusterId, profileName, namespaces }: Context): Entry => ({
  name: `gatehouse-${clusterId}@${profileName}`,
  clusterId,
  server: `${address}/k8s/${clusterId}@${profileName}`,
  namespaces,
})

/**
 * This very program, run by the Node that runs it now. The compile cache more than halves the time
 * that kubectl waits; it lies in the state folder because whoever can write it runs as its reader.
 */
const pluginFor = (address: string): Own['plugin'] => ({
  command: process.execPath,
  args: [fileURLToPath(new URL('index.ts', import.meta.url)), 'token', '--gateway', address],
  env: {
    NODE_COMPILE_CACHE: join(home(), 'cache'),
    ...(process.env['GATEHOUSE_HOME'] && { GATEHOUSE_HOME: home() }),
  },
})

/** Under the lock that `kubectl config` takes too; a link is followed, not replaced. */
async function mergeInto(given: string, own: Own): Promise<void> {
  await mkdir(dirname(resolve(given)), { recursive: true, mode: 0o700 })
  const file = await realpath(given).catch(() => resolve(given))
  const hasCurrent = await withLock(file, async () => {
    const before = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
      throw error
    })
    const after = mergeKubeconfig(before, own)
    writePrivate(file, after)
    return !/^current-context: (""|'')?$/m.test(after)
  })
  const count = own.entries.length
  process.stderr.write(
    `${file} has ${String(count)} context${count === 1 ? '' : 's'} of ${own.address}\n`,
  )
  if (count === 0)
    process.stderr.write('You have no grant on a cluster; administering the gateway gives none\n')
  // kubectl would ask localhost:8080, whatever answers there.
  else if (!hasCurrent)
    process.stderr.write('None is current: choose with kubectl config use-context, or --context\n')
}
