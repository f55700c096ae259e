import { useRef, useState } from 'react'
import type { Row } from '#gateway/views.ts'

export interface ListFocus {
  readonly index: number
  readonly row: Row | undefined
  readonly set: (index: number) => void
}

/** What the address opens beside the list. */
export interface Opened {
  readonly key: string | undefined
  readonly is: (row: Row) => boolean
}

/** Where the keyboard is: it stays with the object while rows move, else with the place. */
export function useListFocus(
  rowAt: (index: number) => Row | undefined,
  total: number,
  near: { readonly offset: number; readonly length: number },
  opened: Opened,
): ListFocus {
  const [index, setIndex] = useState(0)
  const object = useRef<string>(undefined)
  const followed = useRef<string>(undefined)
  const find = (fits: (row: Row) => boolean): number | undefined => {
    for (let at = near.offset; at < near.offset + near.length; at += 1) {
      const row = rowAt(at)
      if (row && fits(row)) return at
    }
    return undefined
  }
  // What is opened from elsewhere has the keyboard too: a key must not act on another object than is shown.
  const follow = () => {
    const at = opened.key === undefined ? undefined : find(opened.is)
    if (opened.key === undefined || at !== undefined) followed.current = opened.key
    if (at !== undefined) object.current = rowAt(at)?.uid
  }
  if (followed.current !== opened.key) follow()
  const held = object.current
  const isStill = held === undefined || rowAt(index)?.uid === held
  const now = (isStill ? undefined : find((row) => row.uid === held)) ?? clamp(index, total)
  if (now !== index && total > 0) setIndex(now)
  return {
    index: now,
    row: rowAt(now),
    set: (next) => {
      const bounded = clamp(next, total)
      object.current = rowAt(bounded)?.uid
      followed.current = opened.key
      setIndex(bounded)
    },
  }
}

const clamp = (index: number, total: number) => Math.max(0, Math.min(index, total - 1))
