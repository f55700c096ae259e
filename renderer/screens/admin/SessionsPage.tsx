import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Session } from '#gateway/sessions.ts'
import { Device } from '../../components/Device.tsx'
import { PlainTable } from '../../components/PlainTable.tsx'
import { changes, openSessions, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminPage } from './AdminPage.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { timeText } from './times.ts'

/** Every signed-in device, and the way to sign one out. */
export function SessionsPage() {
  const t = useTexts('admin')
  const sessions = useQuery(openSessions(true))
  const revoke = useChange(changes.revokeSession, ['sessions'])
  const [ending, setEnding] = useState<Session>()
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
          <Button size="compact-xs" variant="default" onClick={() => setEnding(it)}>
            {t('sessionRevoke')}
          </Button>
        ),
    },
  ]
  return (
    <AdminPage title={t('sessions')} query={sessions} count={(it) => it.length}>
      {(items) => (
        <>
          <PlainTable
            label={t('sessions')}
            columns={columns}
            items={items}
            keyOf={(it) => it.id}
            empty={t('sessionNone')}
          />
          {ending && (
            <ConfirmRemoval
              title={t('sessionRevokeTitle', { name: ending.personName })}
              text={t('sessionRevokeText')}
              action={t('sessionRevoke')}
              busy={revoke.isPending}
              error={revoke.error}
              onConfirm={() =>
                revoke.mutate({ id: ending.id }, { onSuccess: () => setEnding(undefined) })
              }
              onClose={() => setEnding(undefined)}
            />
          )}
        </>
      )}
    </AdminPage>
  )
}
