import type { ObjectRef } from '#gateway/place.ts'
import { runOne, type BulkOptions } from './bulk.ts'
import type { BulkAction } from './requests.ts'

/** What takes an action back. */
interface Undo {
  readonly action: BulkAction
  readonly options: BulkOptions
}

const opposites: Readonly<Partial<Record<BulkAction, BulkAction>>> = {
  suspend: 'resume',
  resume: 'suspend',
  cordon: 'uncordon',
  uncordon: 'cordon',
}

/** Undefined where it cannot be taken back, or where it is not known what was before. */
export function undoOf(
  action: BulkAction,
  replicas: { readonly before: number | undefined; readonly after: number | undefined },
): Undo | undefined {
  const { before, after } = replicas
  if (action === 'scale')
    return before === undefined || before === after
      ? undefined
      : { action, options: { replicas: before } }
  const opposite = opposites[action]
  return opposite && { action: opposite, options: { replicas: undefined } }
}

export const undo = ({ action, options }: Undo, target: ObjectRef): Promise<{ message: string }> =>
  runOne(action, { ref: target }, options)
