import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Pool } from 'undici'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import type { LabGateway, LabPerson } from '../lab/gateway.ts'

export type DoorName = 'direct' | 'gateway' | 'kubectl proxy'

/** One way to the same cluster. */
export interface Door {
  readonly name: DoorName
  readonly origin: string
  /** What stands before every Kubernetes path. */
  readonly prefix: string
  readonly headers: Readonly<Record<string, string>>
  readonly ca: string | undefined
  /** The process in between; none on the direct way. */
  readonly pid: number | undefined
  readonly kubeconfig: string | undefined
  /** A pool of keep-alive connections; HTTP/1.1, like every door here. */
  pool(connections: number): Pool
}

type Shape = Omit<Door, 'pool'>

const open = (shape: Shape): Door => ({
  ...shape,
  pool: (connections) =>
    new Pool(shape.origin, {
      connections,
      allowH2: false,
      pipelining: 1,
      bodyTimeout: 0,
      headersTimeout: 60_000,
      ...(shape.ca !== undefined && { connect: { ca: shape.ca } }),
    }),
})

export function directDoor({ handle }: Cluster): Door {
  const { address, caPem, adminToken, adminKubeconfig } = handle
  const headers = { authorization: `Bearer ${adminToken}` }
  return open({
    name: 'direct',
    origin: address,
    prefix: '',
    headers,
    ca: caPem,
    pid: undefined,
    kubeconfig: adminKubeconfig,
  })
}

export function gatewayDoor(
  { address, caPem, pid }: LabGateway,
  { token, path, kubeconfig }: LabPerson,
): Door {
  const headers = { authorization: `Bearer ${token}` }
  return open({
    name: 'gateway',
    origin: address,
    prefix: path,
    headers,
    ca: caPem,
    pid,
    kubeconfig,
  })
}

/** `kubectl proxy` on plain loopback, with its filter against exec taken away. */
export async function kubectlProxyDoor({
  handle,
}: Cluster): Promise<Door & { stop(): Promise<void> }> {
  const args = [
    '--kubeconfig',
    handle.adminKubeconfig,
    'proxy',
    '--port=0',
    '--reject-paths=^/nothing$',
  ]
  const child = spawn(handle.parts.kubectl, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('kubectl proxy ended at once')))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /127\.0\.0\.1:(\d+)/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const origin = `http://127.0.0.1:${port}`
  const door = open({
    name: 'kubectl proxy',
    origin,
    prefix: '',
    headers: {},
    ca: undefined,
    pid: child.pid,
    kubeconfig: undefined,
  })
  return {
    ...door,
    async stop() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
