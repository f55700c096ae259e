import type { Event } from '#gateway/events.ts'
import type { Tone } from '#gateway/place.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'

type Result = Event['result']
export const results = [
  'allowed',
  'refused',
  'failed',
  'unknown',
] as const satisfies readonly Result[]
const toneOf: Readonly<Record<Result, Tone>> = {
  allowed: 'ok',
  refused: 'warning',
  failed: 'failed',
  unknown: 'done',
}
export const wordOf = {
  allowed: 'resultAllowed',
  refused: 'resultRefused',
  failed: 'resultFailed',
  unknown: 'resultUnknown',
} as const satisfies Record<Result, string>

/** How an attempt ended, as shape and word, with its status. */
export function EventResult({ event: { result, status } }: { event: Event }) {
  const t = useTexts('admin')
  return (
    <span className={styles['state']}>
      <StatusMark tone={toneOf[result]} />
      {t(wordOf[result])}
      {status !== undefined && <span className={styles['dim']}>{status}</span>}
    </span>
  )
}
