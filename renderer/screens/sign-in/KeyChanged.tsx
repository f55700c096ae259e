import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { replaceGatewayKey, type Probe } from '../../data/gateways.ts'
import { useTexts } from '../../texts/texts.ts'
import { CertificateFacts } from './CertificateFacts.tsx'
import styles from './sign-in.module.css'

interface KeyChangedProps {
  readonly probe: Extract<Probe, { status: 'changed' }>
  readonly onDone: () => void
  readonly onBack: () => void
}

/** A hard stop: a known gateway shows another key. Nothing has been sent to it. */
export function KeyChanged({ probe, onDone, onBack }: KeyChangedProps) {
  const t = useTexts('signIn')
  const { certificate, known, firstSeenAt, id, vouched } = probe
  const [typed, setTyped] = useState('')
  const replace = useMutation({
    mutationFn: () => replaceGatewayKey(id, certificate.fingerprint, typed),
    onSuccess: onDone,
  })
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (typed === certificate.host) replace.mutate()
      }}
    >
      <h1 className={styles['alarm']}>{t('changedTitle', { host: certificate.host })}</h1>
      <p>{t('changedDetail')}</p>
      {vouched && <p>{t('changedVouched', { issuer: certificate.issuer })}</p>}
      <dl className={styles['facts']}>
        <dt>{t('keyBefore', { date: new Date(firstSeenAt).toLocaleDateString() })}</dt>
        <dd className={styles['fingerprint']}>{known}</dd>
      </dl>
      <CertificateFacts certificate={certificate} />
      <TextInput
        label={t('typeHost', { host: certificate.host })}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value)
        }}
      />
      {replace.error && (
        <p className={styles['error']} role="alert">
          {replace.error.message}
        </p>
      )}
      <div className={styles['buttons']}>
        <Button onClick={onBack}>{t('stop')}</Button>
        <Button
          type="submit"
          variant="default"
          c="var(--gh-failed)"
          disabled={typed !== certificate.host}
          loading={replace.isPending}
        >
          {t('trustNew')}
        </Button>
      </div>
    </form>
  )
}
