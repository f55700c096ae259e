import { useEffect, useLayoutEffect, useReducer, useRef, useState, type ReactNode } from 'react'
import { LogRow, type DrawnRow } from './LogRow.tsx'
import { RowHeights } from './row-heights.ts'
import styles from './LogView.module.css'

export interface LinesWindow {
  readonly from: number | 'end'
  readonly count: number
}

interface LogLinesProps {
  readonly label: string
  /** Changes when indices mean other rows. */
  readonly epoch: string
  readonly start: number
  readonly end: number
  readonly rows: readonly DrawnRow[]
  readonly wrap: boolean
  readonly following: boolean
  readonly opened: ReadonlySet<number>
  /** The row to be brought into view; a new object brings it again. */
  readonly target: { readonly index: number } | undefined
  readonly onFollow: (following: boolean) => void
  readonly onWindow: (window: LinesWindow) => void
  readonly onToggle: (id: number) => void
  readonly children?: ReactNode
}

const rowHeight = 20
const margin = 40

/** A list of any length of which only the visible rows are here. */
export function LogLines(props: LogLinesProps) {
  const { label, start, end, rows, wrap, following, opened, target } = props
  const { onFollow, onWindow, onToggle, epoch } = props
  const box = useRef<HTMLDivElement>(null)
  const [heights] = useState(() => new RowHeights(rowHeight))
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const shown = useRef({ epoch, start, wrap, width: 0 })

  const ask = () => {
    const it = box.current
    if (!it) return
    const count = Math.ceil(it.clientHeight / rowHeight) + margin
    const from = heights.rowAt(it.scrollTop, start) - Math.floor(margin / 2)
    onWindow(following ? { from: 'end', count } : { from: Math.max(start, from), count })
  }

  useLayoutEffect(() => {
    const it = box.current
    if (!it) return
    const before = shown.current
    if (before.epoch !== epoch || before.wrap !== wrap) heights.reset()
    else if (start > before.start && !following)
      it.scrollTop -= (start - before.start) * rowHeight + heights.drop(start)
    shown.current = { ...before, epoch, start, wrap }
  }, [epoch, start, wrap, following, heights])

  // Heights are known only once rows were laid out; those above the fold must not move what is read.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- it is drawn again only while heights change
  useLayoutEffect(() => {
    const it = box.current
    if (!it) return
    const { changed, above } = measureRows(it, heights, {
      start,
      fixed: !wrap && opened.size === 0 && heights.flat,
    })
    if (above !== 0 && !following) it.scrollTop += above
    if (changed) redraw()
    if (following) it.scrollTop = it.scrollHeight
  })

  // oxlint-disable-next-line react-hooks/exhaustive-deps -- scrolling asks by itself
  useEffect(ask, [following, epoch])

  useLayoutEffect(() => {
    const it = box.current
    if (!it || !target) return
    it.scrollTop = heights.offset(target.index, start) - it.clientHeight / 2
    ask()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a new target moves the list
  }, [target])

  useEffect(() => {
    const it = box.current
    if (!it) return
    const observer = new ResizeObserver(() => {
      if (it.clientWidth !== shown.current.width) heights.reset()
      shown.current = { ...shown.current, width: it.clientWidth }
      askLatest.current()
      redraw()
    })
    observer.observe(it)
    return () => {
      observer.disconnect()
    }
  }, [heights])
  const askLatest = useRef(ask)
  useEffect(() => {
    askLatest.current = ask
  })

  const scrolled = () => {
    const it = box.current
    if (!it) return
    const atEnd = it.scrollTop + it.clientHeight >= it.scrollHeight - 4
    if (atEnd !== following && (atEnd || !isGrowing(it))) onFollow(atEnd)
    lastTop.set(it, it.scrollTop)
    if (!following || !atEnd) ask()
  }

  return (
    <div className={styles['frame']}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard */}
      <div
        ref={box}
        className={styles['lines']}
        tabIndex={0}
        role="region"
        aria-label={label}
        onScroll={scrolled}
        onWheel={({ deltaY }) => {
          if (deltaY < 0 && following) onFollow(false)
        }}
      >
        <div
          className={styles['canvas']}
          data-wrap={wrap}
          style={{ height: heights.offset(end, start) }}
        >
          {rows.map((row) => (
            <LogRow
              key={row.id}
              row={row}
              top={heights.offset(row.index, start)}
              current={row.index === target?.index}
              opened={opened.has(row.id)}
              onToggle={onToggle}
            />
          ))}
        </div>
      </div>
      {props.children}
    </div>
  )
}

const lastTop = new WeakMap<HTMLElement, number>()

/** Whether the place stayed and the list only became longer: that is not a person who scrolls up. */
const isGrowing = (it: HTMLElement) => it.scrollTop >= (lastTop.get(it) ?? 0)

function measureRows(
  it: HTMLElement,
  heights: RowHeights,
  { start, fixed }: { start: number; fixed: boolean },
): { changed: boolean; above: number } {
  if (fixed) return { changed: false, above: 0 }
  let changed = false
  let above = 0
  for (const element of it.querySelectorAll<HTMLElement>('[data-index]')) {
    const index = Number(element.dataset['index'])
    const isAbove = heights.offset(index, start) < it.scrollTop
    const wrong = heights.measure(index, element.offsetHeight)
    if (wrong === 0) continue
    changed = true
    if (isAbove) above += wrong
  }
  return { changed, above }
}
