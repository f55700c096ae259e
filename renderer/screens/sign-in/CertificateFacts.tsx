import type { Certificate } from '#bridge/gateways.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './sign-in.module.css'

/** What a key is known by, in a form that two people can read to each other. */
export function CertificateFacts({ certificate }: { certificate: Certificate }) {
  const t = useTexts('signIn')
  const { fingerprint, subject, issuer, validFrom, validTo } = certificate
  const day = (text: string) => new Date(text).toLocaleDateString()
  return (
    <dl className={styles['facts']}>
      <dt>{t('fingerprint')}</dt>
      <dd className={styles['fingerprint']}>{fingerprint}</dd>
      <dt>{t('subject')}</dt>
      <dd>{subject}</dd>
      <dt>{t('issuer')}</dt>
      <dd>{issuer}</dd>
      <dt>{t('valid')}</dt>
      <dd>{t('validBetween', { from: day(validFrom), to: day(validTo) })}</dd>
    </dl>
  )
}
