import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { KeyObject, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'

export interface CertificatePair {
  readonly certificatePem: string
  readonly keyPem: string
}

interface CertificateOptions {
  readonly notBefore?: Date
  readonly notAfter?: Date
}

export interface Authority {
  readonly caPem: string
  /** A server's certificate for DNS names and IP addresses; valid for a day unless told otherwise. */
  certificateFor(names: readonly string[], options?: CertificateOptions): Promise<CertificatePair>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 24 * 3600 * 1000
const serialNumber = () => `01${randomBytes(8).toString('hex')}`

/** A throw-away certificate authority. */
export async function makeAuthority(name = 'Test authority'): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    notBefore: new Date(Date.now() - 365 * day),
    notAfter: new Date(Date.now() + 365 * day),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  })
  return {
    caPem: authority.toString('pem'),
    async certificateFor(names, options = {}) {
      const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const certificate = await X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        subject: [{ CN: [names[0] ?? 'nobody'] }],
        issuer: authority.subject,
        notBefore: options.notBefore ?? new Date(Date.now() - day),
        notAfter: options.notAfter ?? new Date(Date.now() + day),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          new SubjectAlternativeNameExtension(
            names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }) as const),
          ),
        ],
      })
      return {
        certificatePem: certificate.toString('pem'),
        keyPem: KeyObject.from(own.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
    },
  }
}
