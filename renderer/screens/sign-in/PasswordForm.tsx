import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { signIn } from '../../data/session.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './sign-in.module.css'

export function PasswordForm(props: { address: string; reason: string | undefined }) {
  const { address, reason } = props
  const t = useTexts('signIn')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({
    mutationFn: signIn,
    // What was typed stays no longer than it is needed.
    onSettled: () => {
      setPassword('')
    },
  })
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (name && password && !enter.isPending) enter.mutate({ name, password })
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
        label={t('password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        onChange={({ currentTarget }) => {
          setPassword(currentTarget.value)
        }}
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
