import type { ReactNode } from 'react'
import type { Tone } from '#gateway/place.ts'
import { StatusMark } from './StatusMark.tsx'
import styles from './StaleBar.module.css'

export interface StaleLine {
  readonly key: string
  readonly tone: Tone
  readonly text: ReactNode
}

/** How far what stands below can be trusted. Nothing is shown while all of it is live. */
export function StaleBar({ lines, label }: { lines: readonly StaleLine[]; label: string }) {
  if (lines.length === 0) return null
  return (
    <div className={styles['bar']} role="status" aria-label={label}>
      <ul>
        {lines.map(({ key, tone, text }) => (
          <li key={key} data-tone={tone}>
            <StatusMark tone={tone} />
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
