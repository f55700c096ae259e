import { AppError } from '../contract/errors.ts'
import type { Target } from './upstream/index.ts'

/** Milliseconds without a response head after which the cluster itself is asked whether it lives. */
const patience = 5_000
/** Milliseconds it has for that. Together they keep an answer within ten seconds. */
const probeTime = 4_000

const probes = new WeakMap<Target, Promise<boolean>>()

/**
 * Calls `onDead` when nothing was heard for a while and the cluster does not answer a small question either.
 * A slow admission webhook or a huge list goes on waiting: only a hanging cluster is cut off. Returns the end of the watch.
 */
export function watchLiveness(target: Target, onDead: (error: AppError) => void): () => void {
  let watching = true
  const timer = setTimeout(() => {
    void probe(target).then((alive) => {
      if (alive || !watching) return
      onDead(
        new AppError(
          'gateway_timeout',
          `The cluster "${target.clusterId}" does not answer. Other clusters are not affected.`,
        ),
      )
    })
  }, patience)
  return () => {
    watching = false
    clearTimeout(timer)
  }
}

/** One question at a time per cluster, however many wait for it. */
function probe(target: Target): Promise<boolean> {
  const running = probes.get(target)
  if (running) return running
  const asked = target.isAlive(probeTime).finally(() => probes.delete(target))
  probes.set(target, asked)
  return asked
}
