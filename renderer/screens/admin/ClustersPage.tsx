import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Cluster } from '#gateway/clusters.ts'
import { PlainTable } from '../../components/PlainTable.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { changes, clustersOfGateway, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminPage } from './AdminPage.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { ProfilesOfCluster } from './ProfilesOfCluster.tsx'
import { timeText } from './times.ts'

/** Clusters and their profiles. No credential is ever shown: there is none to show. */
export function ClustersPage() {
  const t = useTexts('admin')
  const clusters = useQuery(clustersOfGateway)
  const remove = useChange(changes.removeCluster, ['clusters', 'profiles', 'grants', 'contexts'])
  const [importing, setImporting] = useState(false)
  const [leaving, setLeaving] = useState<Cluster>()
  const [chosen, setChosen] = useState<string>()
  const columns = [
    { id: 'name', title: t('clusterName'), cell: (it: Cluster) => it.name },
    {
      id: 'id',
      title: t('clusterId'),
      cell: (it: Cluster) => <span className={styles['mono']}>{it.id}</span>,
    },
    {
      id: 'address',
      title: t('address'),
      cell: (it: Cluster) => <span className={styles['mono']}>{it.address}</span>,
    },
    {
      id: 'authority',
      title: t('authority'),
      cell: (it: Cluster) => (
        <span className={styles['mono']} title={it.caFingerprint}>
          {it.caFingerprint?.slice(0, 16) ?? t('authoritySystem')}
        </span>
      ),
    },
    { id: 'keeper', title: t('keeper'), cell: (it: Cluster) => <Keeper cluster={it} /> },
    { id: 'since', title: t('createdAt'), cell: (it: Cluster) => timeText(it.createdAt) },
    {
      id: 'actions',
      title: '',
      align: 'right' as const,
      cell: (it: Cluster) => (
        <span className={styles['actions']}>
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={chosen === it.id}
            aria-label={t('profilesShow', { name: it.name })}
            onClick={() => setChosen(chosen === it.id ? undefined : it.id)}
          >
            {t('profiles')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setLeaving(it)}>
            {t('remove')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <AdminPage
      title={t('clusters')}
      query={clusters}
      count={(it) => it.length}
      actions={
        <Button size="compact-sm" onClick={() => setImporting(true)}>
          {t('clusterImport')}
        </Button>
      }
    >
      {(items) => (
        <>
          <PlainTable
            label={t('clusters')}
            columns={columns}
            items={items}
            keyOf={(it) => it.id}
            empty={t('clusterNone')}
          />
          {items
            .filter((it) => it.id === chosen)
            .map((it) => (
              <ProfilesOfCluster key={it.id} cluster={it} />
            ))}
          {importing && <ImportDialog onClose={() => setImporting(false)} />}
          {leaving && (
            <ConfirmRemoval
              title={t('removeCluster', { name: leaving.name })}
              text={t('removeClusterText')}
              action={t('remove')}
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

function Keeper({ cluster }: { cluster: Cluster }) {
  const t = useTexts('admin')
  return (
    <span className={styles['state']}>
      <StatusMark tone={cluster.keeper ? 'ok' : 'done'} />
      {t(cluster.keeper ? 'keeperYes' : 'keeperNo')}
    </span>
  )
}
