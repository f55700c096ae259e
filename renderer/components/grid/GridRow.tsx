import { Checkbox } from '@mantine/core'
import { IconDotsVertical } from '@tabler/icons-react'
import { memo, type MouseEvent, type ReactNode } from 'react'
import type { GridColumn } from './column.ts'
import styles from './grid.module.css'

export interface MenuPoint {
  readonly x: number
  readonly y: number
}

/** What a row can be asked to do; the same functions for all rows, so that rows stay as they are. */
export interface RowActions {
  readonly open: (index: number) => void
  readonly focus: (index: number) => void
  readonly tick: (index: number, range: boolean) => void
  readonly menu: (index: number, at: MenuPoint) => void
}

interface GridRowProps<R> {
  readonly row: R | undefined
  readonly index: number
  readonly top: number
  readonly columns: readonly GridColumn[]
  readonly focused: boolean
  readonly ticked: boolean
  readonly shown: boolean
  readonly label: string
  readonly menuLabel: string
  readonly cell: (row: R, column: string) => ReactNode
  readonly actions: RowActions
}

function PlainGridRow<R>(props: GridRowProps<R>) {
  const { row, index, top, columns, focused, ticked, shown, label, menuLabel, cell, actions } =
    props
  if (row === undefined) return <Skeleton {...{ index, top, columns }} />
  const press = (event: MouseEvent) => {
    if (event.shiftKey) return actions.tick(index, true)
    if (event.ctrlKey || event.metaKey) return actions.tick(index, false)
    actions.open(index)
  }
  const menu = (event: MouseEvent) => {
    event.preventDefault()
    event.stopPropagation()
    actions.menu(index, { x: event.clientX, y: event.clientY })
  }
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={ticked}
      tabIndex={focused ? 0 : -1}
      id={`grid-row-${String(index)}`}
      className={styles['row']}
      data-focused={focused}
      data-shown={shown}
      style={{ transform: `translateY(${String(top)}px)` }}
      onClick={press}
      onContextMenu={menu}
      onFocus={() => {
        if (!focused) actions.focus(index)
      }}
    >
      <span
        role="gridcell"
        className={styles['tick']}
        onClick={(event) => {
          event.stopPropagation()
        }}
      >
        <Checkbox
          size="xs"
          tabIndex={-1}
          aria-label={label}
          checked={ticked}
          onChange={(event) => {
            const native = event.nativeEvent as unknown as { shiftKey?: boolean }
            actions.tick(index, native.shiftKey === true)
          }}
        />
      </span>
      {columns.map(({ id, align }, at) => (
        <span
          key={id}
          role="gridcell"
          aria-colindex={at + 2}
          className={styles['cell']}
          data-align={align}
        >
          {cell(row, id)}
        </span>
      ))}
      <span role="gridcell" className={styles['tick']}>
        <button
          type="button"
          tabIndex={-1}
          className={styles['more']}
          aria-label={menuLabel}
          onClick={menu}
        >
          <IconDotsVertical size={14} />
        </button>
      </span>
    </div>
  )
}

/** A row is drawn again only when something of it has changed. */
export const GridRow = memo(PlainGridRow) as typeof PlainGridRow

/** Stands for a row that is on its way. */
function Skeleton(props: Pick<GridRowProps<never>, 'index' | 'top' | 'columns'>) {
  const { index, top, columns } = props
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy
      className={styles['row']}
      style={{ transform: `translateY(${String(top)}px)` }}
    >
      <span role="gridcell" />
      {columns.map(({ id }, at) => (
        <span key={id} role="gridcell" className={styles['cell']}>
          {at < 3 && (
            <i
              className={styles['bone']}
              style={{ width: `${String(45 + ((index * 17 + at * 29) % 40))}%` }}
            />
          )}
        </span>
      ))}
      <span role="gridcell" />
    </div>
  )
}
