import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Session } from '#gateway/sessions.ts'
import { Device } from '../../components/Device.tsx'
import { changes, openSessions } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminTable } from './AdminTable.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { timeText } from './times.ts'
import { useRemoval } from './use-removal.ts'

/** Every signed-in device, and the way to sign one out. */
export function SessionsPage() {
  const t = useTexts('admin')
  const sessions = useQuery(openSessions(true))
  const removal = useRemoval<Session>(changes.revokeSession, ['sessions'])
  const columns = [
    { id: 'person', title: t('sessionPerson'), cell: (it: Session) => it.personName },
    {
      id: 'device',
      title: t('sessionDevice'),
      wraps: true,
      cell: (it: Session) => <Device name={it.device} />,
    },
    {
      id: 'kind',
      title: t('sessionKind'),
      cell: (it: Session) => t(it.kind === 'device' ? 'sessionKindDevice' : 'sessionKindConsole'),
    },
    { id: 'used', title: t('sessionUsed'), cell: (it: Session) => timeText(it.lastUsedAt) },
    { id: 'opened', title: t('sessionOpened'), cell: (it: Session) => timeText(it.createdAt) },
    { id: 'expires', title: t('sessionExpires'), cell: (it: Session) => timeText(it.expiresAt) },
    {
      id: 'actions',
      title: '',
      align: 'right' as const,
      cell: (it: Session) =>
        it.current ? (
          <span className={styles['dim']}>{t('sessionThis')}</span>
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => removal.ask(it)}>
            {t('sessionRevoke')}
          </Button>
        ),
    },
  ]
  return (
    <AdminTable title={t('sessions')} query={sessions} columns={columns} empty={t('sessionNone')}>
      <ConfirmRemoval
        removal={removal}
        title={({ personName }) => t('sessionRevokeTitle', { name: personName })}
        text={t('sessionRevokeText')}
        action={t('sessionRevoke')}
      />
    </AdminTable>
  )
}
