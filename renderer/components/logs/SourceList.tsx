import { Checkbox } from '@mantine/core'
import type { Tone } from '#gateway/place.ts'
import { StatusMark } from '../StatusMark.tsx'
import styles from './LogView.module.css'

export interface SourceItem {
  readonly number: number
  readonly name: string
  readonly fullName: string
  readonly hue: number
  readonly shown: boolean
  readonly tone: Tone
  readonly status: string
  readonly count: string
}

interface SourceListProps {
  readonly label: string
  readonly items: readonly SourceItem[]
  readonly onShow: (number: number, shown: boolean) => void
  /** Shows this one and hides all others. */
  readonly onOnly: (number: number) => void
  readonly onlyLabel: string
}

/** Pods and containers, each with the colour of its lines. */
export function SourceList({ label, items, onShow, onOnly, onlyLabel }: SourceListProps) {
  return (
    <ul className={styles['sources']} aria-label={label}>
      {items.map((it) => (
        <li key={it.number} className={styles['sourceItem']} data-hue={it.hue} title={it.fullName}>
          <Checkbox
            size="xs"
            checked={it.shown}
            onChange={(event) => {
              onShow(it.number, event.currentTarget.checked)
            }}
            aria-label={it.fullName}
          />
          <span className={styles['hue']} />
          <button
            type="button"
            className={styles['sourceName']}
            title={`${onlyLabel}: ${it.fullName}`}
            onClick={() => {
              onOnly(it.number)
            }}
          >
            {it.name}
          </button>
          <span className={styles['sourceCount']}>{it.count}</span>
          {it.tone !== 'ok' && <StatusMark tone={it.tone} label={it.status} />}
        </li>
      ))}
    </ul>
  )
}
