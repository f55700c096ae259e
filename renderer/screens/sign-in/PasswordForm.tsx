import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { takeText } from '../../components/take-text.ts'
import { signIn } from '../../data/session.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './sign-in.module.css'

export function PasswordForm(props: { address: string; reason: string | undefined }) {
  const { address, reason } = props
  const t = useTexts('signIn')
  const [name, setName] = useState('')
  // Neither a state nor a variable of the mutation: both would keep it after it was used.
  const password = useRef<HTMLInputElement>(null)
  const enter = useMutation({
    mutationFn: () => signIn({ name, password: takeText(password.current) }),
  })
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (name && password.current?.value && !enter.isPending) enter.mutate()
      }}
    >
      <h1>{t('title')}</h1>
      <p className={styles['address']}>{address}</p>
      {reason && !enter.error && (
        <p className={styles['notice']} role="status">
          {reason === 'ended' ? t('ended') : reason}
        </p>
      )}
      <TextInput
        label={t('name')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
        value={name}
        onChange={({ currentTarget }) => {
          setName(currentTarget.value)
        }}
      />
      <PasswordInput
        ref={password}
        label={t('password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
      />
      {enter.error && (
        <p className={styles['error']} role="alert">
          {enter.error.message}
        </p>
      )}
      <Button type="submit" fullWidth loading={enter.isPending}>
        {t('enter')}
      </Button>
    </form>
  )
}
