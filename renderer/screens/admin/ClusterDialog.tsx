import { PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Cluster } from '#gateway/clusters.ts'
import { FormDialog } from '../../components/FormDialog.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { changedFrom, emptyReach } from './reach-draft.ts'
import { ReachFields } from './ReachFields.tsx'

/** Changes how a cluster is called and reached. The gateway tries it first and says where it fails. */
export function ClusterDialog({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) {
  const t = useTexts('admin')
  const update = useChange(changes.updateCluster, ['clusters', 'profiles', 'contexts'])
  const { id, name, address, serverName = '' } = cluster
  const before = { ...emptyReach, name, address, serverName, keeperToken: '' }
  const [draft, setDraft] = useState(before)
  const change = (part: Partial<typeof before>) => setDraft({ ...draft, ...part })
  const { name: newName, ...moved } = changedFrom(before, draft)
  const isMoved = Object.keys(moved).length > 0
  return (
    <FormDialog
      title={t('clusterChange', { name })}
      submit={t('save')}
      danger={isMoved}
      busy={update.isPending}
      disabled={!isMoved && newName === undefined}
      error={update.error}
      onSubmit={() => update.mutate({ id, ...changedFrom(before, draft) }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label={t('clusterName')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        required
        data-autofocus
      />
      <ReachFields draft={draft} onChange={change} cluster={cluster} />
      {cluster.keeper && (
        <PasswordInput
          label={t('keeperToken')}
          description={t('keeperTokenAgain')}
          value={draft.keeperToken}
          onChange={(event) => change({ keeperToken: event.currentTarget.value })}
          autoComplete="off"
        />
      )}
      {isMoved && <p className={styles['hint']}>{t('clusterMoved')}</p>}
    </FormDialog>
  )
}
