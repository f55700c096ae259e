import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Cluster } from '#gateway/clusters.ts'
import type { Profile } from '#gateway/profiles.ts'
import { DialogButton } from '../../components/DialogButton.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { FormError } from '../../components/FormError.tsx'
import { PlainTable } from '../../components/PlainTable.tsx'
import { changes, profilesOf, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { timeText } from './times.ts'
import { useRemoval } from './use-removal.ts'

/** The identities of one cluster. */
export function ProfilesOfCluster({ cluster }: { cluster: Cluster }) {
  const t = useTexts('admin')
  const profiles = useQuery(profilesOf(cluster.id))
  const removal = useRemoval<Profile>(changes.removeProfile, ['profiles', 'grants', 'contexts'])
  const columns = [
    { id: 'name', title: t('profileName'), cell: (it: Profile) => it.name },
    {
      id: 'kind',
      title: t('profileKind'),
      cell: ({ serviceAccount: account }: Profile) =>
        account
          ? t('profileMinted', { account: `${account.namespace}/${account.name}` })
          : t('profileStatic'),
    },
    {
      id: 'expires',
      title: t('profileExpires'),
      cell: (it: Profile) => (it.expiresAt ? timeText(it.expiresAt) : t('never')),
    },
    {
      id: 'actions',
      title: '',
      align: 'right' as const,
      cell: (it: Profile) => (
        <Button size="compact-xs" variant="default" onClick={() => removal.ask(it)}>
          {t('remove')}
        </Button>
      ),
    },
  ]
  return (
    <div className={styles['profiles']}>
      <header className={styles['head']}>
        <h2>{t('profilesOf', { name: cluster.name })}</h2>
        <span className={styles['spring']} />
        <DialogButton
          quiet
          label={t('profileAdd')}
          dialog={(onClose) => <StaticProfileDialog clusterId={cluster.id} onClose={onClose} />}
        />
      </header>
      <FormError error={profiles.error} />
      <PlainTable
        label={t('profilesOf', { name: cluster.name })}
        columns={columns}
        items={profiles.data ?? []}
        keyOf={(it) => it.id}
        empty={t('profileNone')}
      />
      <ConfirmRemoval
        removal={removal}
        title={({ name }) => t('removeProfile', { name })}
        text={t('removeProfileText')}
        action={t('remove')}
      />
    </div>
  )
}

function StaticProfileDialog({ clusterId, onClose }: { clusterId: string; onClose: () => void }) {
  const t = useTexts('admin')
  const create = useChange(changes.createStaticProfile, ['profiles'])
  const [name, setName] = useState('')
  const [token, setToken] = useState('')
  return (
    <FormDialog
      title={t('profileAdd')}
      submit={t('create')}
      busy={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate({ clusterId, name, token }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label={t('profileName')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        data-autofocus
      />
      <PasswordInput
        label={t('profileToken')}
        description={t('profileTokenHint')}
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        autoComplete="off"
        required
      />
    </FormDialog>
  )
}
