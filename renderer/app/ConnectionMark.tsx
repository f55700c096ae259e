import { ageText } from '../components/amounts.ts'
import { useClockText } from '../components/clock.ts'
import { StatusMark } from '../components/StatusMark.tsx'
import { useConnection } from '../data/connection.ts'
import { useTexts } from '../texts/texts.ts'
import styles from './TopBar.module.css'

/** Whether the gateway is heard; since when not. */
export function ConnectionMark({ trouble }: { trouble: string | undefined }) {
  const { status, since, reason } = useConnection()
  const t = useTexts('frame')
  const age = useClockText((now) => (status === 'lost' ? ageText(now - since) : ''))
  const lost = status === 'lost' || trouble !== undefined
  const text = trouble ?? (lost ? t('connectionLost', { age }) : t(`connection.${status}`))
  return (
    <span className={styles['connection']} data-lost={lost} role="status" title={reason ?? text}>
      <StatusMark tone={lost ? 'failed' : status === 'connecting' ? 'progress' : 'ok'} />
      <span {...(status === 'open' && !lost && { className: 'gh-visually-hidden' })}>{text}</span>
    </span>
  )
}
