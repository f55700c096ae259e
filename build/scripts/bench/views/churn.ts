import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Cluster } from '../../../../test/support/cluster/index.ts'

export interface Churn {
  /** Changes a second that the cluster took since the last time this was asked. */
  rate(): Promise<number>
  stop(): Promise<void>
}

interface Progress {
  readonly done: number
  readonly milliseconds: number
}

/**
 * Changes pods at this rate, or as fast as the cluster takes it. Written into the cluster’s store, because a patch costs
 * its API server some milliseconds of processor time; it tells whoever watches as it tells of any other change.
 */
export async function startChurn({ folder }: Cluster, rate: number): Promise<Churn> {
  const program = fileURLToPath(new URL('./churn-process.ts', import.meta.url))
  const child = fork(program, [folder, String(rate)])
  await once(child, 'message')
  const ask = async (): Promise<Progress> => {
    const answer = once(child, 'message') as Promise<[Progress]>
    child.send('progress')
    return (await answer)[0]
  }
  let before = await ask()
  return {
    async rate() {
      const now = await ask()
      const taken = ((now.done - before.done) * 1000) / (now.milliseconds - before.milliseconds)
      before = now
      return taken
    },
    async stop() {
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
