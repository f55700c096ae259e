import { useCallback, useEffect, useReducer, useRef } from 'react'
import { notifications } from '@mantine/notifications'
import { toErrorBody } from '#gateway/errors.ts'
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
import { writeObject } from '../../data/editor/write.ts'
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

  const send = useCallback(
    async (it: KubernetesObject, dry: boolean): Promise<Change> => {
      const parts = {
        replace: (object: KubernetesObject) => gateway.objects.replace({ ...target, object, dry }),
        read: async () => (await gateway.objects.get(target)).object,
        base: () => latest.current.base,
      }
      const change = await writeObject(parts, it, dry)
      if (change.type === 'saved') void refreshObjects()
      return change
    },
    [target],
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
      // oxlint-disable-next-line react-hooks/exhaustive-deps -- what was typed last is what is kept
      const edit = latest.current
      if (!isDirty(edit)) return forgetDraft(target)
      keepDraft(target, edit.text)
      notifications.show({ message: t('keptDraft', { name: target.name }) })
    }
  }, [target, latest, t])
}
