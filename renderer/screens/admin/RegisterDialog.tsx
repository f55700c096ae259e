import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Dialog } from '../../components/Dialog.tsx'
import { Form } from '../../components/Form.tsx'
import { FormError } from '../../components/FormError.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { emptyReach, given, reachOf } from './reach-draft.ts'
import { ReachFields } from './ReachFields.tsx'

const empty = { ...emptyReach, id: '', name: '', keeperToken: '', keeperNamespace: '' }

/** Registers a cluster by its address, for those who have made its accounts themselves. */
export function RegisterDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts('admin')
  const register = useChange(changes.registerCluster, ['clusters', 'profiles'])
  const test = useChange(changes.testCluster, [])
  const [draft, setDraft] = useState(empty)
  const change = (part: Partial<typeof empty>) => {
    setDraft({ ...draft, ...part })
    // What was found is not true of something else.
    test.reset()
  }
  const { id, name, keeperToken, keeperNamespace } = draft
  const onSubmit = () =>
    register.mutate(
      { ...reachOf(draft), id, name, ...given({ keeperToken, keeperNamespace }) },
      { onSuccess: onClose },
    )
  const onTest = () => {
    const token = keeperToken.trim()
    test.mutate({ ...reachOf(draft), ...(token !== '' && { token }) })
  }
  return (
    <Dialog wide title={t('clusterRegister')} onClose={onClose}>
      <Form
        error={register.error}
        onSubmit={onSubmit}
        buttons={
          <>
            <Button
              size="xs"
              variant="default"
              loading={test.isPending}
              disabled={draft.address.trim() === ''}
              onClick={onTest}
            >
              {t('clusterTest')}
            </Button>
            <Button size="xs" type="submit" loading={register.isPending}>
              {t('clusterRegisterRun')}
            </Button>
          </>
        }
      >
        <TextInput
          label={t('clusterName')}
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          required
          data-autofocus
        />
        <TextInput
          label={t('clusterId')}
          description={t('clusterIdHint')}
          value={id}
          onChange={(event) => change({ id: event.currentTarget.value })}
          autoComplete="off"
          required
        />
        <ReachFields draft={draft} onChange={change} />
        <PasswordInput
          label={t('keeperToken')}
          description={t('keeperTokenHint')}
          value={keeperToken}
          onChange={(event) => change({ keeperToken: event.currentTarget.value })}
          autoComplete="off"
        />
        <TextInput
          label={t('keeperNamespace')}
          description={t('keeperNamespaceHint')}
          value={keeperNamespace}
          onChange={(event) => change({ keeperNamespace: event.currentTarget.value })}
          autoComplete="off"
        />
        <FormError error={test.error} />
        {test.data && (
          <p className={styles['found']} role="status">
            <StatusMark tone={test.data.status === 'ok' ? 'ok' : 'failed'} />
            <span>{[test.data.message, test.data.version].filter(Boolean).join(' · ')}</span>
          </p>
        )}
      </Form>
    </Dialog>
  )
}
