import type { ErrorBody } from '#gateway/errors.ts'
import type { KubernetesObject } from '#gateway/place.ts'
import { fieldsOf, fromYaml, toYaml } from './manifest.ts'
import { conflictsIn, mergeTexts } from './merge.ts'
import { touches, type TakenOver } from './ownership.ts'

/** The name under which the gateway writes; fields of others are told apart by it. */
const ownManager = 'gatehouse-console'

export interface Review {
  readonly object: KubernetesObject
  readonly before: string
  readonly after: string
  readonly touched: readonly TakenOver[]
}

export type Step =
  | { readonly status: 'editing' }
  | { readonly status: 'reviewing' }
  | { readonly status: 'review'; readonly review: Review }
  | { readonly status: 'saving'; readonly review: Review }

/** What is told above the text. */
export type Word =
  | { readonly kind: 'failed'; readonly error: ErrorBody }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string }
  | { readonly kind: 'merged'; readonly conflicts: number }
  | { readonly kind: 'saved' }
  | { readonly kind: 'draft' }
  | { readonly kind: 'same' }

/** An object that is being edited. */
export interface Edit {
  /** The version that the text began from. */
  readonly base: KubernetesObject
  readonly text: string
  /** Grows when the text is another one without being typed. */
  readonly edition: number
  readonly step: Step
  readonly word: Word | undefined
}

export type Change =
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'review' }
  | {
      readonly type: 'reviewed'
      readonly object: KubernetesObject
      readonly before: KubernetesObject
      readonly after: KubernetesObject
    }
  | { readonly type: 'back' }
  | { readonly type: 'save' }
  | { readonly type: 'saved'; readonly after: KubernetesObject }
  | { readonly type: 'failed'; readonly error: ErrorBody }
  | { readonly type: 'newer'; readonly object: KubernetesObject }
  | { readonly type: 'restart'; readonly object: KubernetesObject }

export const startEdit = (base: KubernetesObject, draft?: string): Edit => ({
  base,
  text: draft ?? toYaml(base),
  edition: 0,
  step: { status: 'editing' },
  word: draft === undefined ? undefined : { kind: 'draft' },
})

export const isDirty = ({ base, text }: Edit): boolean => text !== toYaml(base)

/** What may be sent of an edit; otherwise why not. */
export function toSend(
  edit: Edit,
): { readonly object: KubernetesObject } | { readonly word: Word } {
  const conflicts = conflictsIn(edit.text).length
  if (conflicts > 0) return { word: { kind: 'merged', conflicts } }
  if (!isDirty(edit)) return { word: { kind: 'same' } }
  const read = fromYaml(edit.text)
  if (read.status === 'object') return { object: read.object }
  return { word: { kind: 'broken', line: read.line, reason: read.reason } }
}

export function changeEdit(edit: Edit, change: Change): Edit {
  switch (change.type) {
    case 'typed':
      return { ...edit, text: change.text }
    case 'review': {
      const sent = toSend(edit)
      return 'word' in sent
        ? { ...edit, word: sent.word }
        : { ...edit, step: { status: 'reviewing' }, word: undefined }
    }
    case 'reviewed':
      return { ...edit, step: { status: 'review', review: reviewOf(edit, change) } }
    case 'back':
      return { ...edit, step: { status: 'editing' }, word: undefined }
    case 'save':
      return edit.step.status === 'review'
        ? { ...edit, step: { status: 'saving', review: edit.step.review } }
        : edit
    case 'saved':
      return { ...startEdit(change.after), edition: edit.edition + 1, word: { kind: 'saved' } }
    case 'failed':
      return { ...edit, step: { status: 'editing' }, word: { kind: 'failed', error: change.error } }
    case 'newer':
      return merged(edit, change.object)
    case 'restart':
      return { ...startEdit(change.object), edition: edit.edition + 1 }
  }
}

function reviewOf(
  { base }: Edit,
  { object, before, after }: Extract<Change, { type: 'reviewed' }>,
): Review {
  return {
    object,
    before: toYaml(withoutCounter(before)),
    after: toYaml(withoutCounter(after)),
    touched: touches(base, after, ownManager),
  }
}

/** The cluster counts every change; that is no difference which one would look at. */
function withoutCounter(object: KubernetesObject): KubernetesObject {
  const { generation: _, ...metadata } = fieldsOf(object['metadata'])
  return { ...object, metadata }
}

/** Somebody else wrote in between: their change and ours are put together, and reviewed again. */
function merged(edit: Edit, newest: KubernetesObject): Edit {
  const { text, conflicts } = mergeTexts(edit.text, toYaml(edit.base), toYaml(newest))
  return {
    base: newest,
    text,
    edition: edit.edition + 1,
    step: { status: 'editing' },
    word: { kind: 'merged', conflicts },
  }
}
