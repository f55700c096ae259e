import { PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Profile } from '#gateway/profiles.ts'
import { FormDialog } from '../../components/FormDialog.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'

interface NewProps {
  readonly clusterId: string
  readonly onClose: () => void
}

/** An identity of a token that somebody made in the cluster. */
export function StaticProfileDialog({ clusterId, onClose }: NewProps) {
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
      <TokenInput value={token} onChange={setToken} />
    </FormDialog>
  )
}

/** An account whose tokens the cluster’s keeper makes and renews. */
export function MintedProfileDialog({
  clusterId,
  namespace: usual,
  onClose,
}: NewProps & { readonly namespace: string }) {
  const t = useTexts('admin')
  const create = useChange(changes.createMintedProfile, ['profiles'])
  const [name, setName] = useState('')
  const [namespace, setNamespace] = useState(usual)
  const [serviceAccount, setAccount] = useState('')
  const onSubmit = () =>
    create.mutate({ clusterId, name, namespace, serviceAccount }, { onSuccess: onClose })
  return (
    <FormDialog
      title={t('profileMint')}
      submit={t('create')}
      busy={create.isPending}
      error={create.error}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextInput
        label={t('profileName')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        data-autofocus
      />
      <TextInput
        label={t('accountNamespace')}
        description={t('accountNamespaceHint')}
        value={namespace}
        onChange={(event) => setNamespace(event.currentTarget.value)}
        required
      />
      <TextInput
        label={t('accountName')}
        description={t('accountNameHint')}
        value={serviceAccount}
        onChange={(event) => setAccount(event.currentTarget.value)}
        required
      />
    </FormDialog>
  )
}

/** A token that takes the place of a pasted one. */
export function TokenDialog({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const t = useTexts('admin')
  const replace = useChange(changes.replaceToken, ['profiles'])
  const [token, setToken] = useState('')
  return (
    <FormDialog
      title={t('tokenReplaceOf', { name: profile.name })}
      submit={t('tokenReplace')}
      danger
      busy={replace.isPending}
      error={replace.error}
      onSubmit={() => replace.mutate({ id: profile.id, token }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className={styles['hint']}>{t('tokenReplaceText')}</p>
      <TokenInput value={token} onChange={setToken} focused />
    </FormDialog>
  )
}

interface TokenProps {
  readonly value: string
  readonly onChange: (token: string) => void
  readonly focused?: boolean
}

function TokenInput({ value, onChange, focused }: TokenProps) {
  const t = useTexts('admin')
  return (
    <PasswordInput
      label={t('profileToken')}
      description={t('profileTokenHint')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
      required
      data-autofocus={focused}
    />
  )
}
