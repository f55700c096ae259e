import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Cluster } from '#gateway/clusters.ts'
import type { Profile } from '#gateway/profiles.ts'
import { DialogButton } from '../../components/DialogButton.tsx'
import { FormError } from '../../components/FormError.tsx'
import { PlainTable } from '../../components/PlainTable.tsx'
import { changes, profilesOf } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { MintedProfileDialog, StaticProfileDialog, TokenDialog } from './ProfileDialogs.tsx'
import { timeText } from './times.ts'
import { useRemoval } from './use-removal.ts'

/** Where the cluster’s own profiles live; else what an import would make. */
const closedNamespaceOf = (profiles: readonly Profile[] = []): string =>
  profiles.flatMap((it) => it.serviceAccount?.namespace ?? [])[0] ?? 'gatehouse-system'

/** The identities of one cluster. */
export function ProfilesOfCluster({ cluster }: { cluster: Cluster }) {
  const t = useTexts('admin')
  const profiles = useQuery(profilesOf(cluster.id))
  const removal = useRemoval<Profile>(changes.removeProfile, ['profiles', 'grants', 'contexts'])
  const [replaced, setReplaced] = useState<Profile>()
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
        <span className={styles['actions']}>
          {it.kind === 'static' && (
            <Button size="compact-xs" variant="default" onClick={() => setReplaced(it)}>
              {t('tokenReplace')}
            </Button>
          )}
          <Button size="compact-xs" variant="default" onClick={() => removal.ask(it)}>
            {t('remove')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <div className={styles['profiles']}>
      <header className={styles['head']}>
        <h2>{t('profilesOf', { name: cluster.name })}</h2>
        <span className={styles['spring']} />
        {cluster.keeper && (
          <DialogButton
            quiet
            label={t('profileMint')}
            dialog={(onClose) => (
              <MintedProfileDialog
                clusterId={cluster.id}
                namespace={closedNamespaceOf(profiles.data)}
                onClose={onClose}
              />
            )}
          />
        )}
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
      {replaced && <TokenDialog profile={replaced} onClose={() => setReplaced(undefined)} />}
      <ConfirmRemoval
        removal={removal}
        title={({ name }) => t('removeProfile', { name })}
        text={t('removeProfileText')}
        action={t('remove')}
      />
    </div>
  )
}
