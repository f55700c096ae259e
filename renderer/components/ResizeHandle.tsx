import { useViewportSize } from '@mantine/hooks'
import type { KeyboardEvent } from 'react'
import { followPointer } from './pointer-drag.ts'
import styles from './ResizeHandle.module.css'

interface Props {
  /** The edge of its panel at which it lies: pulled away from the panel, that grows. */
  readonly edge: 'left' | 'top'
  readonly label: string
  /** All sizes are in pixels, across the edge. */
  readonly size: number
  readonly least: number
  /** What the window keeps for everything else. */
  readonly spared: number
  /** What a double click restores. */
  readonly first: number
  readonly onSize: (size: number) => void
}

const step = 20
const growKey = { left: 'ArrowLeft', top: 'ArrowUp' } as const
const shrinkKey = { left: 'ArrowRight', top: 'ArrowDown' } as const

/** The edge of a panel, by which it is made larger or smaller: pulled, or with the arrow keys. */
export function ResizeHandle({ edge, label, size, least, spared, first, onSize }: Props) {
  const { width, height } = useViewportSize()
  const upright = edge === 'left'
  const most = Math.max(least, (upright ? width : height) - spared)
  const within = (wanted: number) => Math.round(Math.min(most, Math.max(least, wanted)))
  const sizeAfter = (key: string): number | undefined => {
    if (key === growKey[edge]) return size + step
    if (key === shrinkKey[edge]) return size - step
    if (key === 'Home') return least
    if (key === 'End') return most
    return undefined
  }
  const press = (event: KeyboardEvent) => {
    const wanted = sizeAfter(event.key)
    if (wanted === undefined) return
    event.preventDefault()
    onSize(within(wanted))
  }
  return (
    <div
      className={styles['handle']}
      data-edge={edge}
      role="separator"
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuenow={within(size)}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={(event) => {
        followPointer(event, (right, down) => {
          onSize(within(size - (upright ? right : down)))
        })
      }}
      onDoubleClick={() => {
        onSize(within(first))
      }}
      onKeyDown={press}
    />
  )
}
