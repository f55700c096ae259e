import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { trustGateway, type Probe } from '../../data/gateways.ts'
import { useTexts } from '../../texts/texts.ts'
import { CertificateFacts } from './CertificateFacts.tsx'
import styles from './sign-in.module.css'

interface NewKeyProps {
  readonly address: string
  readonly probe: Extract<Probe, { status: 'new' }>
  readonly onDone: () => void
  readonly onBack: () => void
}

/** A gateway that was never seen: its fingerprint is compared before anything is sent to it. */
export function NewKey({ address, probe, onDone, onBack }: NewKeyProps) {
  const t = useTexts('signIn')
  const trust = useMutation({
    mutationFn: () => trustGateway(address.trim(), probe.certificate.fingerprint),
    onSuccess: onDone,
  })
  return (
    <div className={styles['form']}>
      <h1>{t('newTitle', { host: probe.certificate.host })}</h1>
      <p>{t('newDetail')}</p>
      <CertificateFacts certificate={probe.certificate} />
      {probe.warnings.length > 0 && (
        <ul className={styles['warnings']}>
          {probe.warnings.map((it) => (
            <li key={it}>{it}</li>
          ))}
        </ul>
      )}
      {trust.error && (
        <p className={styles['error']} role="alert">
          {trust.error.message}
        </p>
      )}
      <div className={styles['buttons']}>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
        <Button
          loading={trust.isPending}
          onClick={() => {
            trust.mutate()
          }}
        >
          {t('trust')}
        </Button>
      </div>
    </div>
  )
}
