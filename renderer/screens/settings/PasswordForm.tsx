import { Button, PasswordInput } from '@mantine/core'
import { useRef } from 'react'
import { FormError } from '../../components/FormError.tsx'
import { takeText } from '../../components/take-text.ts'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './settings.module.css'

/** Changes one’s own password; what was typed is in the fields until it is sent, and nowhere else. */
export function PasswordForm() {
  const t = useTexts('settings')
  const current = useRef<HTMLInputElement>(null)
  const next = useRef<HTMLInputElement>(null)
  const change = useChange(
    () =>
      changes.changePassword({ current: takeText(current.current), next: takeText(next.current) }),
    ['sessions'],
  )
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate(undefined)
      }}
    >
      <PasswordInput
        ref={current}
        label={t('passwordCurrent')}
        autoComplete="current-password"
        required
      />
      <PasswordInput
        ref={next}
        label={t('passwordNext')}
        description={t('passwordHint')}
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
