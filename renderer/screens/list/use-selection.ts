import { useCallback, useMemo, useState } from 'react'
import type { Row } from '#gateway/views.ts'

export interface Selection {
  readonly rows: ReadonlyMap<string, Row>
  readonly has: (row: Row) => boolean
  readonly toggle: (index: number) => void
  /** From where the last one was ticked to here, as far as the rows are there. */
  readonly range: (index: number) => void
  readonly all: (rows: readonly Row[]) => void
  readonly clear: () => void
}

/** What is ticked, by the objects themselves: rows move while one selects. */
export function useSelection(rowAt: (index: number) => Row | undefined): Selection {
  const [rows, setRows] = useState<ReadonlyMap<string, Row>>(new Map())
  const [anchor, setAnchor] = useState(0)
  const keyOf = (row: Row) => `${String(row.source)}/${row.uid}`
  const has = useCallback((row: Row) => rows.has(keyOf(row)), [rows])
  const actions = useMemo(
    () => ({
      toggle: (index: number) => {
        const row = rowAt(index)
        if (!row) return
        setAnchor(index)
        setRows((before) => {
          const next = new Map(before)
          if (!next.delete(keyOf(row))) next.set(keyOf(row), row)
          return next
        })
      },
      range: (index: number) => {
        const [from, to] = [Math.min(anchor, index), Math.max(anchor, index)]
        setRows((before) => {
          const next = new Map(before)
          for (let at = from; at <= to; at += 1) {
            const row = rowAt(at)
            if (row) next.set(keyOf(row), row)
          }
          return next
        })
      },
      all: (list: readonly Row[]) => {
        setRows(new Map(list.map((it) => [keyOf(it), it])))
      },
      clear: () => {
        setRows(new Map())
      },
    }),
    [rowAt, anchor],
  )
  return { rows, has, ...actions }
}
