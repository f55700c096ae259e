import type { ObjectRef } from '#gateway/place.ts'
import { removeObject } from '../../data/objects.ts'
import { cordonNode } from '../../data/nodes.ts'
import {
  restartWorkload,
  scaleWorkload,
  suspendCronJob,
  triggerCronJob,
} from '../../data/workloads.ts'
import type { BulkAction } from './requests.ts'

export interface BulkOptions {
  readonly replicas: number | undefined
  readonly propagation: 'background' | 'foreground' | 'orphan'
}

/** Does an action to one object; the answer is what the gateway says of it. */
export function runOne(
  action: BulkAction,
  target: ObjectRef,
  { replicas, propagation }: BulkOptions,
): Promise<{ message: string }> {
  switch (action) {
    case 'scale':
      // The dialog cannot be confirmed without a number.
      return scaleWorkload(target, replicas ?? 0)
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
      // The dialog has had the name typed where that is needed.
      return removeObject({ ...target, propagation, confirm: target.name })
  }
}

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
  tell: (index: number, result: Result) => void,
): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < items.length) {
      const index = next
      next += 1
      const item = items[index]
      if (item === undefined) continue
      tell(index, { status: 'running' })
      try {
        tell(index, { status: 'done', message: (await run(item)).message })
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        tell(index, { status: 'failed', message })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}
