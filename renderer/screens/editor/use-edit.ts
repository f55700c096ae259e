import { useCallback, useEffect, useReducer, useRef } from 'react'
import { notifications } from '@mantine/notifications'
import { AppError, toErrorBody } from '#gateway/errors.ts'
import type { KubernetesObject, ObjectRef } from '#gateway/place.ts'
import { gateway } from '../../data/bridge.ts'
import { draftOf, forgetDraft, keepDraft } from '../../data/editor/drafts.ts'
import {
  changeEdit,
  isDirty,
  startEdit,
  toSend,
  type Change,
  type Edit,
} from '../../data/editor/flow.ts'
import { refreshObjects } from '../../data/objects.ts'
import { useTexts } from '../../texts/texts.ts'

export interface Editing {
  readonly edit: Edit
  readonly dirty: boolean
  readonly type: (text: string) => void
  readonly review: () => void
  readonly back: () => void
  readonly save: () => void
  readonly reload: () => void
}

/** An edit from the first letter to the saved object; nothing is written that was not reviewed. */
export function useEdit(target: ObjectRef, object: KubernetesObject): Editing {
  const [edit, change] = useReducer(changeEdit, undefined, () => startEdit(object, draftOf(target)))
  const latest = useRef(edit)
  useEffect(() => {
    latest.current = edit
  })
  useKeptDraft(target, latest)

  /** A refusal because somebody else wrote in between is no end: both changes are put together. */
  const failed = useCallback(
    async (error: unknown): Promise<Change> => {
      const isConflict = error instanceof AppError && error.code === 'conflict'
      if (!isConflict) return { type: 'failed', error: toErrorBody(error) }
      try {
        const { object: newest } = await gateway.objects.get(target)
        return sameObject(latest.current.base, newest)
          ? { type: 'newer', object: newest }
          : { type: 'failed', error: toErrorBody(error) }
      } catch (problem) {
        return { type: 'failed', error: toErrorBody(problem) }
      }
    },
    [target],
  )
  const send = useCallback(
    async (it: KubernetesObject, dry: boolean): Promise<Change> => {
      try {
        const { before, after } = await gateway.objects.replace({ ...target, object: it, dry })
        if (dry) return { type: 'reviewed', object: it, before, after }
        void refreshObjects()
        // The answer has no owners; the object is read again for them.
        const read = await gateway.objects.get(target).catch(() => ({ object: after }))
        return { type: 'saved', after: read.object }
      } catch (error) {
        return failed(error)
      }
    },
    [target, failed],
  )

  return {
    edit,
    dirty: isDirty(edit),
    type: useCallback((text: string) => {
      change({ type: 'typed', text })
    }, []),
    review: () => {
      change({ type: 'review' })
      const sent = toSend(edit)
      if ('object' in sent) void send(sent.object, true).then(change)
    },
    back: () => {
      change({ type: 'back' })
    },
    save: () => {
      if (edit.step.status !== 'review') return
      change({ type: 'save' })
      void send(edit.step.review.object, false).then(change)
    },
    reload: () => {
      void gateway.objects
        .get(target)
        .then(({ object: newest }): Change => ({ type: 'restart', object: newest }))
        .catch((error: unknown): Change => ({ type: 'failed', error: toErrorBody(error) }))
        .then(change)
    },
  }
}

const uidOf = (object: KubernetesObject) => (Object(object['metadata']) as { uid?: unknown }).uid

/** One that was deleted and made anew is not a newer version of what was edited. */
const sameObject = (a: KubernetesObject, b: KubernetesObject) => uidOf(a) === uidOf(b)

/** A tab that closes does not take the work with it, and a window asks before it does. */
function useKeptDraft(target: ObjectRef, latest: { readonly current: Edit }): void {
  const t = useTexts('editor')
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isDirty(latest.current)) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => {
      window.removeEventListener('beforeunload', ask)
      const { text } = latest.current
      if (!isDirty(latest.current)) return forgetDraft(target)
      keepDraft(target, text)
      notifications.show({ message: t('keptDraft', { name: target.name }) })
    }
  }, [target, latest, t])
}
