import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterHandle } from '../../../test/support/cluster/client.ts'
import { startOnPort } from '../../../test/support/cluster/ports.ts'
import { until } from '../../../test/support/cluster/readiness.ts'
import type { Part, Run } from '../../../test/support/cluster/run.ts'
import { openDataFolder } from '../start/data-folder.ts'
import { root } from '../tools.ts'

/** A gateway in a process of its own, as it runs in production, that nobody has set up yet. */
export interface GatewayProgram {
  readonly part: Part
  readonly address: string
  readonly caFile: string
  readonly setUpCode: string
}

/** Starts one as a part of the run, which ends it; it may reach the cluster and nothing else on this machine. */
export function startGatewayProgram(
  run: Run,
  cluster: Pick<ClusterHandle, 'address'>,
  environment: Readonly<Record<string, string>>,
): Promise<GatewayProgram> {
  return startOnPort(async (port) => {
    const data = await openDataFolder(run.path('gateway'))
    const address = `https://127.0.0.1:${port}`
    const part = run.start('gateway', process.execPath, {
      args: [join(root, 'server', 'index.ts')],
      signal: 'SIGTERM',
      env: {
        PATH: process.env['PATH'],
        HOME: run.folder,
        ...data.environment,
        GATEHOUSE_PORT: String(port),
        GATEHOUSE_PUBLIC_URL: address,
        GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: new URL(cluster.address).host,
        ...environment,
      },
    })
    // The code is printed once the gateway listens.
    const setUpCode = await until({ what: 'The gateway', withinMs: 30_000, part }, async () => {
      const log = await readFile(run.path('logs', 'gateway.log'), 'utf8')
      return /Set-up code, shown once: (\S+)/.exec(log)?.[1]
    })
    return { part, address, caFile: data.caFile, setUpCode }
  })
}
