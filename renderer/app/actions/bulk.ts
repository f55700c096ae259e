import type { ObjectRef } from '#gateway/place.ts'
import type { Propagation } from '#gateway/removal.ts'
import { removeObject } from '../../data/objects.ts'
import { cordonNode } from '../../data/nodes.ts'
import { reportError } from '../../data/queries.ts'
import {
  restartWorkload,
  scaleWorkload,
  suspendCronJob,
  triggerCronJob,
} from '../../data/workloads.ts'
import type { BulkAction } from './requests.ts'

export interface BulkOptions {
  readonly replicas: number | undefined
  /** Absent until somebody chooses one: the gateway knows what is usual for a kind. */
  readonly propagation?: Propagation
  /** What a person typed, never more. */
  readonly confirm?: string
}

export interface BulkTarget {
  readonly ref: ObjectRef
  /** Of the object that was looked at: one that was made anew under its name is another. */
  readonly uid?: string | undefined
}

/** Does an action to one object; the answer is what the gateway says of it. */
export function runOne(
  action: BulkAction,
  it: BulkTarget,
  options: BulkOptions,
): Promise<{ message: string }> {
  const { ref: target } = it
  switch (action) {
    case 'scale':
      // The dialog cannot be confirmed without a number.
      return scaleWorkload(target, options.replicas ?? 0)
    case 'restart':
      return restartWorkload(target)
    case 'suspend':
      return suspendCronJob(target, true)
    case 'resume':
      return suspendCronJob(target, false)
    case 'trigger':
      return triggerCronJob(target)
    case 'cordon':
      return cordonNode(target, true)
    case 'uncordon':
      return cordonNode(target, false)
    case 'remove':
      return remove(it, options)
  }
}

const remove = ({ ref, uid }: BulkTarget, { propagation, confirm }: BulkOptions) =>
  removeObject({
    ...ref,
    ...(uid && { uid }),
    ...(propagation && { propagation }),
    ...(confirm !== undefined && { confirm }),
  })

export type Result =
  | { readonly status: 'waiting' }
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly message: string }
  | { readonly status: 'failed'; readonly message: string }

const atOnce = 4

/** A few at a time, each with its own result; one failure does not keep the others from being done. */
export async function runAll<T>(
  items: readonly T[],
  run: (item: T) => Promise<{ message: string }>,
  tell: (item: T, result: Result) => void,
): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < items.length) {
      const item = items[next]
      next += 1
      if (item === undefined) continue
      tell(item, { status: 'running' })
      try {
        tell(item, { status: 'done', message: (await run(item)).message })
      } catch (error) {
        reportError(error)
        const message = error instanceof Error ? error.message : String(error)
        tell(item, { status: 'failed', message })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}
