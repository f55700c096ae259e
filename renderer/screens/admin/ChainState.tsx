import { useQuery } from '@tanstack/react-query'
import { toErrorBody } from '#gateway/errors.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { auditChain } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { timeText } from './times.ts'

/** Whether the audit chain is being written, how long it is and when it was last signed. */
export function ChainState() {
  const t = useTexts('admin')
  const { data, error } = useQuery(auditChain)
  // What it was a while ago says nothing of now.
  if (error)
    return (
      <p className={styles['chain']} role="alert">
        <StatusMark tone="failed" />
        <strong>{t('chainUnread')}</strong>
        <span>{toErrorBody(error).message}</span>
      </p>
    )
  if (!data) return null
  const { healthy, length, writer, hash, lastCheckpointAt } = data
  return (
    <p className={styles['chain']} role="status">
      <StatusMark tone={healthy ? 'ok' : 'failed'} />
      <strong>{t(healthy ? 'chainHealthy' : 'chainFailing')}</strong>
      <span>{t('chainLength', { length: length.toLocaleString(), writer })}</span>
      <span>
        {lastCheckpointAt
          ? t('chainSigned', { time: timeText(lastCheckpointAt) })
          : t('chainUnsigned')}
      </span>
      <span className={styles['mono']}>{t('chainHash', { hash: hash.slice(0, 16) })}</span>
    </p>
  )
}
