import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { memo } from 'react'
import styles from './LogRow.module.css'

export interface RowSpan {
  readonly text: string
  readonly look?: string
  readonly mark?: 'filter' | 'search'
}

/** A line, ready to be drawn; the words for people are made by the screen. */
export interface DrawnRow {
  readonly index: number
  readonly id: number
  readonly time: string
  readonly fullTime: string
  readonly source: string
  readonly fullSource: string
  readonly hue: number
  readonly level: string
  readonly context: boolean
  readonly apart: boolean
  readonly spans: readonly RowSpan[]
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly whole: string | undefined
  /** Said instead of a line: a gap, an end. */
  readonly said: string | undefined
  readonly tone: 'warning' | 'failed' | 'done' | undefined
  /** Present where the row can be opened up. */
  readonly toggle: string | undefined
}

interface LogRowProps {
  readonly row: DrawnRow
  readonly top: number
  readonly current: boolean
  readonly opened: boolean
  readonly onToggle: (id: number) => void
}

/** One line of a log. Everything from the cluster is text, never markup. */
export const LogRow = memo(function LogRow({ row, top, current, opened, onToggle }: LogRowProps) {
  if (row.said !== undefined) return <SaidRow row={row} top={top} />
  return (
    <div
      className={styles['row']}
      data-index={row.index}
      data-level={row.level}
      data-context={row.context}
      data-apart={row.apart}
      data-current={current}
      data-hue={row.hue}
      style={{ transform: `translateY(${top}px)` }}
    >
      {row.toggle === undefined ? (
        <span className={styles['fold']} />
      ) : (
        <button
          type="button"
          className={styles['fold']}
          aria-label={row.toggle}
          aria-expanded={opened}
          onClick={() => {
            onToggle(row.id)
          }}
        >
          {opened ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
        </button>
      )}
      {row.time !== '' && (
        <span className={styles['time']} title={row.fullTime}>
          {row.time}
        </span>
      )}
      {row.source !== '' && (
        <span className={styles['source']} title={row.fullSource}>
          {row.source}
        </span>
      )}
      <Words row={row} />
    </div>
  )
})

function Words({ row }: { row: DrawnRow }) {
  if (row.whole !== undefined) return <span className={styles['text']}>{row.whole}</span>
  return (
    <span className={styles['text']}>
      {row.spans.map((span, at) => (
        <Piece key={at} span={span} />
      ))}
      {row.fields.map(([name, value]) => (
        <span key={name} className={styles['field']}>
          {' '}
          <span className={styles['name']}>{name}=</span>
          {value}
        </span>
      ))}
    </span>
  )
}

function Piece({ span: { text, look, mark } }: { span: RowSpan }) {
  if (mark) return <mark data-mark={mark}>{text}</mark>
  return look ? <span data-look={look}>{text}</span> : text
}

function SaidRow({ row, top }: { row: DrawnRow; top: number }) {
  return (
    <div
      className={styles['said']}
      data-index={row.index}
      data-tone={row.tone}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span>
        {row.source !== '' && `${row.source}: `}
        {row.said}
      </span>
    </div>
  )
}
