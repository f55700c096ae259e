import { Checkbox } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { PointerEvent } from 'react'
import { followPointer } from '../pointer-drag.ts'
import { nextSort, type GridColumn, type GridSort } from './column.ts'
import styles from './grid.module.css'

interface HeaderProps {
  readonly columns: readonly GridColumn[]
  readonly sort: readonly GridSort[]
  readonly texts: { readonly selectAll: string; readonly resize: string; readonly actions: string }
  readonly ticked: 'none' | 'some' | 'all'
  readonly onTick: () => void
  readonly onSort: (sort: readonly GridSort[]) => void
  readonly onWidth: (column: string, width: number) => void
}

export function GridHeader(props: HeaderProps) {
  const { columns, sort, texts, ticked, onTick, onSort, onWidth } = props
  return (
    <div role="row" aria-rowindex={1} className={styles['header']}>
      <span role="columnheader" className={styles['tick']}>
        <Checkbox
          size="xs"
          aria-label={texts.selectAll}
          checked={ticked === 'all'}
          indeterminate={ticked === 'some'}
          onChange={onTick}
        />
      </span>
      {columns.map((column, index) => (
        <HeaderCell
          key={column.id}
          column={column}
          index={index + 2}
          sort={sort}
          resize={texts.resize}
          onSort={onSort}
          onWidth={onWidth}
        />
      ))}
      <span role="columnheader" className={styles['tick']}>
        <span className="gh-visually-hidden">{texts.actions}</span>
      </span>
    </div>
  )
}

interface HeaderCellProps extends Pick<HeaderProps, 'sort' | 'onSort' | 'onWidth'> {
  readonly column: GridColumn
  readonly index: number
  readonly resize: string
}

function HeaderCell({ column, index, sort, resize, onSort, onWidth }: HeaderCellProps) {
  const { id, title, align, sortable } = column
  const rank = sort.findIndex((it) => it.column === id)
  const own = sort[rank]
  const direction = own && (own.descending ? 'descending' : 'ascending')
  const Arrow = own?.descending ? IconArrowDown : IconArrowUp
  return (
    <span
      role="columnheader"
      aria-colindex={index}
      className={styles['head']}
      data-align={align}
      {...(direction && { 'aria-sort': direction })}
    >
      {sortable ? (
        <button
          type="button"
          tabIndex={-1}
          title={title}
          onClick={({ shiftKey }) => {
            onSort(nextSort(sort, id, shiftKey))
          }}
        >
          <span>{title}</span>
          {own && <Arrow size={12} aria-hidden />}
          {own && sort.length > 1 && <small>{rank + 1}</small>}
        </button>
      ) : (
        <span title={title}>{title}</span>
      )}
      <i
        className={styles['resize']}
        title={resize}
        onPointerDown={(event) => {
          drag(event, column, onWidth)
        }}
      />
    </span>
  )
}

const least = 48

function drag(
  event: PointerEvent<HTMLElement>,
  { id }: GridColumn,
  onWidth: HeaderProps['onWidth'],
) {
  const width = event.currentTarget.parentElement?.getBoundingClientRect().width ?? least
  followPointer(event, (right) => {
    onWidth(id, Math.max(least, Math.round(width + right)))
  })
}
