import { create } from 'zustand'
import type { ObjectRef } from '#gateway/place.ts'

/** What a dialog asks before it is done. */
export type ActionRequest =
  | { readonly action: 'none' }
  | { readonly action: 'scale'; readonly targets: readonly ObjectRef[] }
  | { readonly action: 'restart'; readonly targets: readonly ObjectRef[] }
  | { readonly action: 'suspend'; readonly targets: readonly ObjectRef[] }
  | { readonly action: 'resume'; readonly targets: readonly ObjectRef[] }
  | { readonly action: 'trigger'; readonly targets: readonly ObjectRef[] }
  | { readonly action: 'cordon'; readonly targets: readonly ObjectRef[] }
  | { readonly action: 'uncordon'; readonly targets: readonly ObjectRef[] }
  | {
      readonly action: 'remove'
      readonly targets: readonly ObjectRef[]
      /** Of each of them, where it is known. */
      readonly uids: readonly (string | undefined)[]
    }
  | { readonly action: 'rollBack'; readonly target: ObjectRef }
  | { readonly action: 'debug'; readonly target: ObjectRef }
  | { readonly action: 'forward'; readonly target: ObjectRef }

export type BulkAction = Extract<ActionRequest, { targets: readonly ObjectRef[] }>['action']

export const useActionRequest = create<{ request: ActionRequest }>(() => ({
  request: { action: 'none' },
}))

export function requestAction(request: ActionRequest): void {
  useActionRequest.setState({ request })
}

export function endAction(): void {
  requestAction({ action: 'none' })
}
