import { Since } from '../../components/Since.tsx'
import type { ViewState } from '../../data/views.ts'
import { useTexts } from '../../texts/texts.ts'
import { doubtOf } from './use-sums.ts'
import styles from './overview.module.css'

/** Says when numbers are old, partial or refused; nothing while they are live. */
export function Doubt({ view, what }: { view: ViewState; what: string }) {
  const t = useTexts('overview')
  const doubt = doubtOf(view)
  if (!doubt || doubt.status === 'loading') return null
  const { status, reason } = doubt
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
