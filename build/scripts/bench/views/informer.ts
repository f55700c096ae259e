import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Cluster } from '../../../../test/support/cluster/index.ts'
import type { Arrivals } from './probe.ts'
import { watchUsage, type Usage } from './usage.ts'

export interface PlainInformer extends Arrivals {
  readonly pid: number
  /** Milliseconds until it had the first pod, and all. */
  readonly first: number
  readonly whole: number
  usage(): Usage
  /** Changes it was told of so far. */
  changes(): Promise<number>
  stop(): Promise<void>
}

type Said =
  | { readonly type: 'first' | 'whole' }
  | { readonly type: 'changes'; readonly changes: number }
  | { readonly type: 'change'; readonly uid: string; readonly version: string; readonly at: number }

export async function startInformer({ handle }: Cluster, pods: number): Promise<PlainInformer> {
  const started = performance.now()
  const program = fileURLToPath(new URL('./informer-process.ts', import.meta.url))
  const child = fork(program, [handle.adminKubeconfig, String(pods)], {
    // All pods at once do not fit in what Node takes for itself.
    execArgv: ['--max-old-space-size=8192'],
  })
  const usage = watchUsage(child.pid ?? 0)
  let onChange: Arrivals['onChange']
  const said = (type: Said['type']) =>
    new Promise<Said>((resolve, reject) => {
      child.on('message', (message: Said) => {
        if (message.type === type) resolve(message)
      })
      child.once('exit', () => reject(new Error('the informer ended')))
    })
  child.on('message', (message: Said) => {
    if (message.type === 'change') onChange?.(message.uid, message.version, message.at)
  })
  const timed = (type: Said['type']) => said(type).then(() => performance.now() - started)
  const [first, whole] = await Promise.all([timed('first'), timed('whole')])
  return {
    pid: child.pid ?? 0,
    first,
    whole,
    usage: () => usage.now(),
    set onChange(listener: Arrivals['onChange']) {
      onChange = listener
    },
    expect: (uids) => void child.send({ uids }),
    async changes() {
      const answer = said('changes')
      child.send({})
      const message = await answer
      return message.type === 'changes' ? message.changes : 0
    },
    async stop() {
      usage.end()
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
