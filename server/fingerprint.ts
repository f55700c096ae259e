import { createHash, X509Certificate } from 'node:crypto'

/**
 * SHA-256 of a certificate’s public key (SPKI), in upper case and groups of four: what the desktop app shows
 * before it trusts a gateway. Takes the PEM of the certificate, or of a chain that begins with it.
 */
export function keyFingerprint(certificatePem: string): string {
  const { publicKey } = new X509Certificate(certificatePem)
  const hash = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }))
  return (hash.digest('hex').toUpperCase().match(/.{4}/g) ?? []).join(' ')
}
