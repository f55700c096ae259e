import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Cluster } from '#gateway/clusters.ts'
import { DialogButton } from '../../components/DialogButton.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { changes, clustersOfGateway } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminTable } from './AdminTable.tsx'
import { ClusterDialog } from './ClusterDialog.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { ProfilesOfCluster } from './ProfilesOfCluster.tsx'
import { RegisterDialog } from './RegisterDialog.tsx'
import { timeText } from './times.ts'
import { useRemoval } from './use-removal.ts'

/** Clusters and their profiles. No credential is ever shown: there is none to show. */
export function ClustersPage() {
  const t = useTexts('admin')
  const clusters = useQuery(clustersOfGateway)
  const removal = useRemoval<Cluster>(changes.removeCluster, [
    'clusters',
    'profiles',
    'grants',
    'contexts',
  ])
  const [chosen, setChosen] = useState<string>()
  const [changed, setChanged] = useState<Cluster>()
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
          <Button size="compact-xs" variant="default" onClick={() => setChanged(it)}>
            {t('change')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => removal.ask(it)}>
            {t('remove')}
          </Button>
        </span>
      ),
    },
  ]
  const opened = clusters.data?.find((it) => it.id === chosen)
  return (
    <AdminTable
      title={t('clusters')}
      query={clusters}
      columns={columns}
      empty={t('clusterNone')}
      actions={
        <>
          <DialogButton
            quiet
            label={t('clusterRegister')}
            dialog={(onClose) => <RegisterDialog onClose={onClose} />}
          />
          <DialogButton
            label={t('clusterImport')}
            dialog={(onClose) => <ImportDialog onClose={onClose} />}
          />
        </>
      }
    >
      {opened && <ProfilesOfCluster key={opened.id} cluster={opened} />}
      {changed && <ClusterDialog cluster={changed} onClose={() => setChanged(undefined)} />}
      <ConfirmRemoval
        removal={removal}
        title={({ name }) => t('removeCluster', { name })}
        text={t('removeClusterText')}
        action={t('remove')}
      />
    </AdminTable>
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
