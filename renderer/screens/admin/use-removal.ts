import { useState } from 'react'
import { useChange } from '../../data/admin.ts'

export interface Removal<T> {
  /** What it is asked about now. */
  readonly asked: T | undefined
  readonly busy: boolean
  readonly error: unknown
  readonly ask: (it: T) => void
  readonly confirm: () => void
  readonly close: () => void
}

/** Removes something once that was confirmed; a refusal stays until something else is asked about. */
export function useRemoval<T extends { readonly id: string }>(
  remove: (input: { id: string }) => Promise<unknown>,
  stale: readonly string[],
): Removal<T> {
  const { mutate, reset, isPending, error } = useChange(remove, stale)
  const [asked, setAsked] = useState<T>()
  const close = () => setAsked(undefined)
  return {
    asked,
    busy: isPending,
    error,
    ask: (it) => {
      reset()
      setAsked(it)
    },
    confirm: () => {
      if (asked) mutate({ id: asked.id }, { onSuccess: close })
    },
    close,
  }
}
