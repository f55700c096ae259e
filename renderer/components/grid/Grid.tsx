import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, type CSSProperties, type ReactNode } from 'react'
import { tracksOf, widthOf, type GridColumn, type GridSort } from './column.ts'
import { GridHeader } from './GridHeader.tsx'
import { GridRow, type RowActions } from './GridRow.tsx'
import styles from './grid.module.css'

export interface GridProps<R> {
  readonly label: string
  readonly texts: {
    readonly selectAll: string
    readonly resize: (title: string) => string
    /** Of the column with the row menus. */
    readonly actions: string
    readonly select: (row: R) => string
    readonly menu: (row: R) => string
  }
  readonly columns: readonly GridColumn[]
  readonly sort: readonly GridSort[]
  /** How many rows there are, wherever they are. */
  readonly count: number
  /** Undefined while a row is on its way. */
  readonly rowAt: (index: number) => R | undefined
  readonly keyOf: (row: R) => string
  /** Must stay the same function while cells shall stay as they are. */
  readonly cell: (row: R, column: string) => ReactNode
  readonly rowHeight: number
  readonly focused: number
  readonly isTicked: (row: R) => boolean
  /** Shown in full somewhere else. */
  readonly isShown: (row: R) => boolean
  readonly ticked: 'none' | 'some' | 'all'
  readonly actions: RowActions
  readonly onTickAll: () => void
  readonly onSort: (sort: readonly GridSort[]) => void
  /** Without a width it is as it was at first. */
  readonly onWidth: (column: string, width?: number) => void
  /** Which rows are seen. */
  readonly onRange: (first: number, last: number) => void
}

/** A table of any length: only the rows that are seen exist. */
export function Grid<R>(props: GridProps<R>) {
  const { columns, count, rowAt, keyOf, rowHeight, focused, texts, actions, onRange } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: 30,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    onRange(first, last)
  }, [onRange, first, last])
  useLayoutEffect(() => {
    virtual.measure()
  }, [virtual, rowHeight])
  useEffect(() => {
    if (focused >= 0 && focused < count) virtual.scrollToIndex(focused)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- rows that come or go must not make it jump
  }, [virtual, focused])

  const size: CSSProperties & Record<'--tracks', string> = {
    '--tracks': tracksOf(columns),
    minWidth: widthOf(columns),
  }
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length + 2}
      aria-multiselectable
      className={styles['grid']}
    >
      <div style={size} className={styles['sheet']}>
        <div role="rowgroup" className={styles['headers']}>
          <GridHeader
            columns={columns}
            sort={props.sort}
            texts={texts}
            ticked={props.ticked}
            onTick={props.onTickAll}
            onSort={props.onSort}
            onWidth={props.onWidth}
          />
        </div>
        <div role="rowgroup" className={styles['body']} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rowAt(index)
            return (
              <GridRow
                key={row === undefined ? `waiting-${String(index)}` : keyOf(row)}
                row={row}
                index={index}
                top={start}
                columns={columns}
                focused={index === focused}
                ticked={row !== undefined && props.isTicked(row)}
                shown={row !== undefined && props.isShown(row)}
                label={row === undefined ? '' : texts.select(row)}
                menuLabel={row === undefined ? '' : texts.menu(row)}
                cell={props.cell}
                actions={actions}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}
