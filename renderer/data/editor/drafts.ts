import type { ObjectRef } from '#gateway/place.ts'

/** Text that was not saved when its tab closed. In memory only: it may hold what nobody should find later. */
const drafts = new Map<string, string>()

const most = 20

const keyOf = (ref: ObjectRef) =>
  [ref.cluster, ref.profile, ref.group, ref.version, ref.resource, ref.namespace, ref.name].join(
    '\n',
  )

export function keepDraft(ref: ObjectRef, text: string): void {
  drafts.delete(keyOf(ref))
  drafts.set(keyOf(ref), text)
  const [oldest] = drafts.keys()
  if (drafts.size > most && oldest !== undefined) drafts.delete(oldest)
}

export const draftOf = (ref: ObjectRef): string | undefined => drafts.get(keyOf(ref))

export function forgetDraft(ref: ObjectRef): void {
  drafts.delete(keyOf(ref))
}
