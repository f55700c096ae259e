import { useMemo, useState, type KeyboardEvent, type PointerEvent } from 'react'
import styles from './LogView.module.css'
import { barAt, barCount, barPaths, fullBar, type Bars, type RulerBar } from './ruler-bars.ts'

interface TimeRulerProps {
  readonly label: string
  /** Where the first bar begins and how long each is, in milliseconds. */
  readonly from: number
  readonly width: number
  readonly bars: Bars
  /** The time of what is looked at. */
  readonly at: number
  readonly edges: readonly [from: string, to: string]
  /** What a bar stands for, in words. */
  readonly wordsFor: (time: number, bar: RulerBar) => string
  readonly onSeek: (at: number) => void
}

const page = 10

/** How many lines came when, on one quiet strip; it leads to the lines of a time by pointer and by keys. */
export function TimeRuler(props: TimeRulerProps) {
  const { label, from, width, bars, at, edges, wordsFor, onSeek } = props
  const count = barCount(bars)
  const paths = useMemo(() => barPaths(bars), [bars])
  /** Where the keys have led: the lines there need not stand in the middle. */
  const [chosen, setChosen] = useState<number>()
  const [pointed, setPointed] = useState<number>()

  const barOf = (time: number) =>
    Math.max(0, Math.min(count - 1, Math.floor((time - from) / width)))
  const timeOf = (bar: number) => from + bar * width
  const wordsAt = (bar: number) => wordsFor(timeOf(bar), barAt(bars, bar))
  const now = barOf(chosen ?? at)

  const seek = (bar: number) => {
    setChosen(timeOf(bar))
    onSeek(timeOf(bar))
  }
  const pressed = (event: KeyboardEvent) => {
    const target = barAfter(event.key, now, bars)
    if (target === undefined) return
    event.preventDefault()
    seek(target)
  }
  const underPointer = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width: wide } = currentTarget.getBoundingClientRect()
    return barOf(from + ((clientX - left) / wide) * count * width)
  }
  const shown = pointed ?? (chosen === undefined ? undefined : now)

  return (
    <div className={styles['ruler']}>
      <span className={styles['edge']}>{edges[0]}</span>
      <div
        className={styles['bars']}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={count - 1}
        aria-valuenow={now}
        aria-valuetext={wordsAt(now)}
        onKeyDown={pressed}
        onBlur={() => {
          setChosen(undefined)
        }}
        onPointerMove={(event) => {
          setPointed(underPointer(event))
        }}
        onPointerLeave={() => {
          setPointed(undefined)
        }}
        onPointerDown={(event) => {
          seek(fullBar(bars, underPointer(event), 1))
        }}
      >
        <svg viewBox={`0 0 ${String(count)} 100`} preserveAspectRatio="none" aria-hidden>
          <path className={styles['barLines']} d={paths.lines} />
          <path className={styles['barWarnings']} d={paths.warnings} />
          <path className={styles['barErrors']} d={paths.errors} />
        </svg>
        <span className={styles['here']} style={{ left: percent((now + 0.5) / count) }} />
        {shown !== undefined && (
          <span className={styles['bubble']} style={besides(shown, count)} aria-hidden>
            {wordsAt(shown)}
          </span>
        )}
      </div>
      <span className={styles['edge']}>{edges[1]}</span>
    </div>
  )
}

function barAfter(key: string, now: number, bars: Bars): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return fullBar(bars, now + 1, 1)
    case 'ArrowLeft':
    case 'ArrowDown':
      return fullBar(bars, now - 1, -1)
    case 'PageUp':
      return fullBar(bars, now + page, 1)
    case 'PageDown':
      return fullBar(bars, now - page, -1)
    case 'Home':
      return fullBar(bars, 0, 1)
    case 'End':
      return fullBar(bars, barCount(bars) - 1, -1)
    default:
      return undefined
  }
}

const percent = (part: number) => `${(part * 100).toFixed(2)}%`

/** On the side where there is room. */
const besides = (bar: number, count: number) =>
  bar < count / 2 ? { left: percent(bar / count) } : { right: percent(1 - (bar + 1) / count) }
