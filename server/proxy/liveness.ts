import { AppError } from '../contract/errors.ts'
import { createProbe, type Target } from './upstream/index.ts'

/** Milliseconds without a response head after which the cluster itself is asked whether it lives. */
const patience = 5_000
/** It has four seconds for that. Together they keep an answer within ten seconds. */
const probe = createProbe(4_000)

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
