import { Checkbox } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useState, type FocusEvent, type KeyboardEvent } from 'react'
import { ColumnEdge } from './ColumnEdge.tsx'
import { nextSort, type GridColumn, type GridSort } from './column.ts'
import styles from './grid.module.css'

interface HeaderProps {
  readonly columns: readonly GridColumn[]
  readonly sort: readonly GridSort[]
  readonly texts: {
    readonly selectAll: string
    /** Of the edge of the column with this title. */
    readonly resize: (title: string) => string
    readonly actions: string
  }
  readonly ticked: 'none' | 'some' | 'all'
  readonly onTick: () => void
  readonly onSort: (sort: readonly GridSort[]) => void
  readonly onWidth: (column: string, width?: number) => void
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }

/** Tab reaches one column and its edge; the arrow keys go from there to the others. */
export function GridHeader(props: HeaderProps) {
  const { columns, sort, texts, ticked, onTick, onSort, onWidth } = props
  const [last, setLast] = useState<string>()
  const reached = columns.find((it) => it.id === last) ?? columns[0]
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const by = steps[event.key]
    const at = columns.findIndex((it) => it.id === columnOf(event.target))
    if (by === undefined || at < 0) return
    event.preventDefault()
    const next = columns[at + by]
    if (next) stopOf(event.currentTarget, next.id)?.focus()
  }
  return (
    <div
      role="row"
      aria-rowindex={1}
      className={styles['header']}
      onKeyDown={move}
      onFocus={({ target }: FocusEvent) => {
        setLast(columnOf(target) ?? last)
      }}
    >
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
          reached={column === reached}
          sort={sort}
          resize={texts.resize(column.title)}
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

const columnOf = (element: EventTarget): string | undefined =>
  element instanceof Element
    ? element.closest<HTMLElement>('[data-column]')?.dataset['column']
    : undefined

/** What of a column takes the focus: the button that sorts by it, else its whole head. */
function stopOf(header: HTMLElement, id: string): HTMLElement | undefined {
  const heads = [...header.querySelectorAll<HTMLElement>('[data-column]')]
  const head = heads.find((it) => it.dataset['column'] === id)
  return head?.querySelector('button') ?? head
}

interface HeaderCellProps extends Pick<HeaderProps, 'sort' | 'onSort' | 'onWidth'> {
  readonly column: GridColumn
  readonly index: number
  readonly reached: boolean
  readonly resize: string
}

function HeaderCell(props: HeaderCellProps) {
  const { column, index, reached, sort, resize, onSort, onWidth } = props
  const { id, title, align, sortable } = column
  const rank = sort.findIndex((it) => it.column === id)
  const own = sort[rank]
  const direction = own && (own.descending ? 'descending' : 'ascending')
  const Arrow = own?.descending ? IconArrowDown : IconArrowUp
  const stop = reached ? 0 : -1
  return (
    <span
      role="columnheader"
      // Its edge has a name of its own, which nobody needs to hear with each cell.
      aria-label={title}
      aria-colindex={index}
      className={styles['head']}
      data-column={id}
      data-align={align}
      {...(!sortable && { tabIndex: stop })}
      {...(direction && { 'aria-sort': direction })}
    >
      {sortable ? (
        <button
          type="button"
          tabIndex={stop}
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
      <ColumnEdge column={column} label={resize} reached={reached} onWidth={onWidth} />
    </span>
  )
}
