import { useState, type KeyboardEvent } from 'react'
import { followPointer } from '../pointer-drag.ts'
import type { GridColumn } from './column.ts'
import styles from './grid.module.css'

interface EdgeProps {
  readonly column: GridColumn
  readonly label: string
  /** Reached with Tab; one column of a grid is. */
  readonly reached: boolean
  readonly onWidth: (column: string, width?: number) => void
}

const leastWidth = 48
const mostWidth = 1600
const step = 16

const within = (width: number) => Math.round(Math.min(mostWidth, Math.max(leastWidth, width)))

/** A column may be wider than it says, where there is room: what is drawn is what is changed. */
const drawn = (edge: HTMLElement) => edge.parentElement?.getBoundingClientRect().width ?? leastWidth

function widthAfter(key: string, width: number): number | undefined {
  if (key === 'ArrowRight') return width + step
  if (key === 'ArrowLeft') return width - step
  if (key === 'Home') return leastWidth
  return undefined
}

/** The right edge of a column, by which it is made wider or narrower: pulled, or with the arrow keys. */
export function ColumnEdge({ column, label, reached, onWidth }: EdgeProps) {
  const { id } = column
  const [now, setNow] = useState(column.width)
  const widen = (width: number) => {
    setNow(within(width))
    onWidth(id, within(width))
  }
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const wanted = widthAfter(event.key, drawn(event.currentTarget))
    if (wanted !== undefined) widen(wanted)
    else if (event.key === 'Enter') onWidth(id)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <span
      className={styles['resize']}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={now}
      aria-valuemin={leastWidth}
      aria-valuemax={mostWidth}
      title={label}
      tabIndex={reached ? 0 : -1}
      onFocus={({ currentTarget }) => {
        setNow(within(drawn(currentTarget)))
      }}
      onPointerDown={(event) => {
        const width = drawn(event.currentTarget)
        followPointer(event, (right) => {
          widen(width + right)
        })
      }}
      onDoubleClick={() => {
        onWidth(id)
      }}
      onKeyDown={press}
    />
  )
}
