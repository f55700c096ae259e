import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Cluster } from '../../../../test/support/cluster/index.ts'
import { watchUsage, type Usage } from './usage.ts'

export interface CommandRun extends Usage {
  /** Milliseconds to its first output, and to its end. */
  readonly first: number
  readonly whole: number
  readonly bytes: number
}

/** Runs a command of kubectl at the cluster itself, its output thrown away. */
export async function runKubectl(
  { handle }: Cluster,
  args: readonly string[],
): Promise<CommandRun> {
  const started = performance.now()
  const child = spawn(handle.parts.kubectl, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: handle.adminKubeconfig },
  })
  const usage = watchUsage(child.pid ?? 0)
  let first: number | undefined
  let bytes = 0
  child.stdout.on('data', (chunk: Buffer) => {
    first ??= performance.now() - started
    bytes += chunk.length
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const whole = performance.now() - started
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}`)
  return { first: first ?? whole, whole, bytes, ...usage.end() }
}
