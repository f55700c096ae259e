import type { Tone } from '#gateway/place.ts'
import styles from './StatusMark.module.css'

/** One shape for each tone, so that colour is never all that tells. */
const shapes: Readonly<Record<Tone, string>> = {
  ok: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z',
  progress: 'M6 1.5a4.5 4.5 0 0 1 0 9z',
  warning: 'M6 1.2l5 9.3h-10z',
  failed: 'M1.8 1.8h8.4v8.4h-8.4z',
  done: 'M2.2 5h7.6v2h-7.6z',
  ending: 'M6 1l5 5l-5 5l-5-5z',
}

/** A tone as a small shape; the word belongs beside it. */
export function StatusMark({ tone, label }: { tone: Tone; label?: string }) {
  return (
    <svg
      className={styles['mark']}
      data-tone={tone}
      viewBox="0 0 12 12"
      width="10"
      height="10"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      {tone === 'progress' && <circle cx="6" cy="6" r="3.9" className={styles['ring']} />}
      <path d={shapes[tone]} />
    </svg>
  )
}
