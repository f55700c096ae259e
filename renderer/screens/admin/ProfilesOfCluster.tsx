import { Button, Modal, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Cluster } from '#gateway/clusters.ts'
import type { Profile } from '#gateway/profiles.ts'
import { FormError } from '../../components/FormError.tsx'
import { PlainTable } from '../../components/PlainTable.tsx'
import { changes, profilesOf, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { timeText } from './times.ts'

/** The identities of one cluster. */
export function ProfilesOfCluster({ cluster }: { cluster: Cluster }) {
  const t = useTexts('admin')
  const profiles = useQuery(profilesOf(cluster.id))
  const remove = useChange(changes.removeProfile, ['profiles', 'grants', 'contexts'])
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Profile>()
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
        <Button size="compact-xs" variant="default" onClick={() => setLeaving(it)}>
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
        <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
          {t('profileAdd')}
        </Button>
      </header>
      <FormError error={profiles.error} />
      <PlainTable
        label={t('profilesOf', { name: cluster.name })}
        columns={columns}
        items={profiles.data ?? []}
        keyOf={(it) => it.id}
        empty={t('profileNone')}
      />
      {adding && <StaticProfileDialog clusterId={cluster.id} onClose={() => setAdding(false)} />}
      {leaving && (
        <ConfirmRemoval
          title={t('removeProfile', { name: leaving.name })}
          text={t('removeProfileText')}
          action={t('remove')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate({ id: leaving.id }, { onSuccess: () => setLeaving(undefined) })
          }
          onClose={() => setLeaving(undefined)}
        />
      )}
    </div>
  )
}

function StaticProfileDialog({ clusterId, onClose }: { clusterId: string; onClose: () => void }) {
  const t = useTexts('admin')
  const create = useChange(changes.createStaticProfile, ['profiles'])
  const [name, setName] = useState('')
  const [token, setToken] = useState('')
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('profileAdd')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate({ clusterId, name, token }, { onSuccess: onClose })
        }}
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
        <FormError error={create.error} />
        <div className={styles['buttons']}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('create')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
