import { Since } from '../../components/Since.tsx'
import { useTexts } from '../../texts/texts.ts'
import type { doubtsOf } from './doubts.ts'
import styles from './overview.module.css'

/** Says when numbers are old, partial or refused. */
export function Doubt({ doubt }: { doubt: ReturnType<typeof doubtsOf>[number] }) {
  const t = useTexts('overview')
  const { status, reason, what } = doubt
  const since = 'since' in doubt ? doubt.since : undefined
  return (
    <p className={styles['doubt']} role="status">
      {since === undefined ? (
        t(`doubt.${status}`, { what, age: '' })
      ) : (
        <Since at={since} text={(age) => t(`doubt.${status}`, { what, age })} />
      )}{' '}
      {reason}
    </p>
  )
}
