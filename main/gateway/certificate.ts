import { createHash, type X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { Certificate } from '#bridge/gateways.ts'

/** SHA-256 of the public key, lower-case hex: what is compared and stored. It outlives a renewed certificate. */
export const keyHashOf = (certificate: X509Certificate): string =>
  createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')

/** For people: upper case in groups of four. */
export const fingerprintOf = (keyHash: string): string =>
  (keyHash.toUpperCase().match(/.{4}/g) ?? []).join(' ')

/** What was typed or shown back to what is stored; undefined when it is no SHA-256. */
export function readFingerprint(text: string): string | undefined {
  const hex = text.replace(/[\s:]/g, '').toLowerCase()
  return /^[0-9a-f]{64}$/.test(hex) ? hex : undefined
}

/** The certificate in words; whatever it says of itself is the stranger's own claim. */
export const describeCertificate = (host: string, certificate: X509Certificate): Certificate => ({
  host,
  fingerprint: fingerprintOf(keyHashOf(certificate)),
  subject: oneLine(certificate.subject),
  issuer: oneLine(certificate.issuer),
  validFrom: moment(certificate.validFrom),
  validTo: moment(certificate.validTo),
})

/** What is wrong with it beside that nobody known has signed it; each is a line for the person. */
export function warningsOf(
  host: string,
  certificate: X509Certificate,
  authority: AuthorityVerdict,
): string[] {
  const now = Date.now()
  const named = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)
  return [
    ...(authority === 'known' ? [] : [signedBy[authority]]),
    ...(named === undefined ? [`It was made for another name than ${host}`] : []),
    ...(Date.parse(certificate.validTo) < now ? ['It has expired'] : []),
    ...(Date.parse(certificate.validFrom) > now ? ['It is not valid yet'] : []),
  ]
}

export type AuthorityVerdict = 'known' | 'self-signed' | 'unknown'

const signedBy = {
  'self-signed': 'It is signed by itself: only its fingerprint tells whose it is',
  unknown:
    'No authority that this machine knows vouches for it: only its fingerprint tells whose it is',
} as const

/** OpenSSL's word on the chain, for the part that is about who signed. */
export function authorityOf(
  error: string | undefined,
  certificate: X509Certificate,
): AuthorityVerdict {
  if (certificate.checkIssued(certificate)) return error === undefined ? 'known' : 'self-signed'
  // The name is looked at last, when the chain was found good. Of several faults in the chain OpenSSL tells
  // one: for a certificate that has also expired nobody vouches, whoever signed it.
  if (error === undefined || error === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'known'
  return 'unknown'
}

/** Names in a certificate may hold anything, line ends and text that turns round included. */
const oneLine = (text: string | undefined) =>
  (text ?? '').replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ', ').slice(0, 300)

const moment = (text: string) => {
  const time = Date.parse(text)
  return Number.isNaN(time) ? text : new Date(time).toISOString()
}
