import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Grant } from '#gateway/grants.ts'
import { DialogButton } from '../../components/DialogButton.tsx'
import { changes, grantsOfGateway } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminTable } from './AdminTable.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { GrantDialog } from './GrantDialog.tsx'
import { timeText } from './times.ts'
import { useRemoval } from './use-removal.ts'

/** Who may use which profile, where, and until when. */
export function GrantsPage() {
  const t = useTexts('admin')
  const grants = useQuery(grantsOfGateway)
  const removal = useRemoval<Grant>(changes.removeGrant, ['grants', 'contexts'])
  const columns = [
    { id: 'person', title: t('grantPerson'), cell: (it: Grant) => it.personName },
    { id: 'cluster', title: t('grantCluster'), cell: (it: Grant) => it.clusterId },
    { id: 'profile', title: t('grantProfile'), cell: (it: Grant) => it.profileName },
    {
      id: 'namespaces',
      title: t('grantNamespaces'),
      wraps: true,
      cell: (it: Grant) => it.scope.namespaces?.join(', ') ?? t('grantAll'),
    },
    {
      id: 'capabilities',
      title: t('grantCapabilities'),
      wraps: true,
      cell: (it: Grant) => (
        <span className={styles['dim']}>{it.scope.capabilities.join(', ')}</span>
      ),
    },
    {
      id: 'expires',
      title: t('grantExpires'),
      cell: (it: Grant) => (it.expiresAt ? timeText(it.expiresAt) : t('never')),
    },
    {
      id: 'actions',
      title: '',
      align: 'right' as const,
      cell: (it: Grant) => (
        <Button size="compact-xs" variant="default" onClick={() => removal.ask(it)}>
          {t('takeBack')}
        </Button>
      ),
    },
  ]
  return (
    <AdminTable
      title={t('grants')}
      query={grants}
      columns={columns}
      empty={t('grantNone')}
      actions={
        <DialogButton
          label={t('grantAdd')}
          dialog={(onClose) => <GrantDialog onClose={onClose} />}
        />
      }
    >
      <ConfirmRemoval
        removal={removal}
        title={({ personName }) => t('removeGrant', { name: personName })}
        text={t('removeGrantText')}
        action={t('takeBack')}
      />
    </AdminTable>
  )
}
