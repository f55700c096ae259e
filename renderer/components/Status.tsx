import type { Tone } from '#gateway/place.ts'
import { StatusMark } from './StatusMark.tsx'
import styles from './Status.module.css'

/** A state as shape and word, and why when there is more to say. */
export function Status({ tone, text, reason }: { tone: Tone; text: string; reason?: string }) {
  return (
    <span className={styles['status']} data-tone={tone} title={reason ?? text}>
      <StatusMark tone={tone} />
      <span>{text}</span>
    </span>
  )
}
