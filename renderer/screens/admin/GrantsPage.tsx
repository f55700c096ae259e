import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Grant } from '#gateway/grants.ts'
import { PlainTable } from '../../components/PlainTable.tsx'
import { changes, grantsOfGateway, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminPage } from './AdminPage.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { GrantDialog } from './GrantDialog.tsx'
import { timeText } from './times.ts'

/** Who may use which profile, where, and until when. */
export function GrantsPage() {
  const t = useTexts('admin')
  const grants = useQuery(grantsOfGateway)
  const remove = useChange(changes.removeGrant, ['grants', 'contexts'])
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Grant>()
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
        <Button size="compact-xs" variant="default" onClick={() => setLeaving(it)}>
          {t('takeBack')}
        </Button>
      ),
    },
  ]
  return (
    <AdminPage
      title={t('grants')}
      query={grants}
      count={(it) => it.length}
      actions={
        <Button size="compact-sm" onClick={() => setAdding(true)}>
          {t('grantAdd')}
        </Button>
      }
    >
      {(items) => (
        <>
          <PlainTable
            label={t('grants')}
            columns={columns}
            items={items}
            keyOf={(it) => it.id}
            empty={t('grantNone')}
          />
          {adding && <GrantDialog onClose={() => setAdding(false)} />}
          {leaving && (
            <ConfirmRemoval
              title={t('removeGrant', { name: leaving.personName })}
              text={t('removeGrantText')}
              action={t('takeBack')}
              busy={remove.isPending}
              error={remove.error}
              onConfirm={() =>
                remove.mutate({ id: leaving.id }, { onSuccess: () => setLeaving(undefined) })
              }
              onClose={() => setLeaving(undefined)}
            />
          )}
        </>
      )}
    </AdminPage>
  )
}
