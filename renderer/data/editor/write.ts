import { AppError, toErrorBody } from '#gateway/errors.ts'
import type { KubernetesObject } from '#gateway/place.ts'
import type { Change } from './flow.ts'
import { fieldsOf } from './manifest.ts'
import { rebased } from './rebase.ts'

/** A controller may write the status again before one’s own change arrives, but hardly this often. */
const most = 5

interface WriteParts {
  readonly replace: (
    object: KubernetesObject,
  ) => Promise<{ readonly before: KubernetesObject; readonly after: KubernetesObject }>
  readonly read: () => Promise<KubernetesObject>
  /** The version that the text began from. */
  readonly base: () => KubernetesObject
}

/**
 * Tries or writes an object. Where somebody else wrote in between only what a person does not write, it goes
 * on by itself; another change is no end either: both are put together, and looked at again.
 */
export async function writeObject(
  { replace, read, base }: WriteParts,
  first: KubernetesObject,
  dry: boolean,
): Promise<Change> {
  let object = first
  for (let tries = 0; ; tries += 1) {
    try {
      const { before, after } = await replace(object)
      // What was written is carried over anew when it is saved: only it tells what a person changed.
      if (dry) return { type: 'reviewed', object: first, before, after }
      // The answer has no owners; the object is read again for them.
      return { type: 'saved', after: await read().catch(() => after) }
    } catch (error) {
      const failed: Change = { type: 'failed', error: toErrorBody(error) }
      if (!(error instanceof AppError) || error.code !== 'conflict') return failed
      const { newest, problem } = await newestOf(read)
      if (!newest) return { type: 'failed', error: toErrorBody(problem) }
      // One that was deleted and made anew is not a newer version of what was edited.
      if (uidOf(base()) !== uidOf(newest)) return failed
      const next = tries < most ? rebased(first, base(), newest) : undefined
      if (!next) return { type: 'newer', object: newest }
      object = next
    }
  }
}

async function newestOf(read: WriteParts['read']) {
  try {
    return { newest: await read() }
  } catch (problem) {
    return { problem }
  }
}

const uidOf = (object: KubernetesObject) => fieldsOf(object['metadata'])['uid']
