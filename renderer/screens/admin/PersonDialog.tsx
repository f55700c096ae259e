import { Button, Checkbox, Modal, PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormError } from '../../components/FormError.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'

/** Makes an account. The password is handed on and kept nowhere. */
export function PersonDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts('admin')
  const create = useChange(changes.createPerson, ['persons'])
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [admin, setAdmin] = useState(false)
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('personAdd')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate({ name, password, admin }, { onSuccess: onClose })
        }}
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
