import { X509Certificate } from 'node:crypto'

/** SHA-256 of the first certificate in a PEM text, as administrators are used to reading it. */
export const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256

/** OpenSSL's ways to say that nobody we trust has signed this. */
const unknownAuthority = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
])

export const isUnknownAuthority = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && unknownAuthority.has(String(error.code))) || isUnknownAuthority(error.cause))

/** What is wrong with the certificate, in words; undefined when something else is. */
export function certificateTrouble(
  { address, caPem }: { readonly address: string; readonly caPem?: string },
  { code, message }: NodeJS.ErrnoException,
): string | undefined {
  if (code !== undefined && unknownAuthority.has(code)) {
    if (caPem === undefined) return `No authority this machine trusts vouches for ${address}`
    return `${address} shows a certificate that the remembered authority (SHA-256 ${fingerprintOf(caPem)}) did not sign. If its authority was changed on purpose, sign in again with --ca FILE`
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `The certificate of ${address} is for another name`
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `The certificate of ${address} is not valid now (${message})`
  return undefined
}
