import { Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../components/FormDialog.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'

/** Makes an account. The password is handed on and kept nowhere. */
export function PersonDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts('admin')
  const create = useChange(changes.createPerson, ['persons'])
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [admin, setAdmin] = useState(false)
  return (
    <FormDialog
      title={t('personAdd')}
      submit={t('create')}
      busy={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate({ name, password, admin }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label={t('personName')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
        autoComplete="off"
        required
        data-autofocus
      />
      <PasswordInput
        label={t('personPassword')}
        description={t('personPasswordHint')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="new-password"
        minLength={12}
        required
      />
      <Checkbox
        label={t('personAdmin')}
        checked={admin}
        onChange={(event) => setAdmin(event.currentTarget.checked)}
      />
    </FormDialog>
  )
}
