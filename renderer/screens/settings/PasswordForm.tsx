import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { FormError } from '../../components/FormError.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './settings.module.css'

/** Changes one’s own password; what was typed is forgotten once it is sent. */
export function PasswordForm() {
  const t = useTexts('settings')
  const change = useChange(changes.changePassword, ['sessions'])
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({ current, next })
        setCurrent('')
        setNext('')
      }}
    >
      <PasswordInput
        label={t('passwordCurrent')}
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        autoComplete="current-password"
        required
      />
      <PasswordInput
        label={t('passwordNext')}
        description={t('passwordHint')}
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
        autoComplete="new-password"
        minLength={12}
        required
      />
      <FormError error={change.error} />
      {change.isSuccess && <p role="status">{t('passwordChanged')}</p>}
      <Button type="submit" variant="default" loading={change.isPending}>
        {t('passwordChange')}
      </Button>
    </form>
  )
}
