import 'reflect-metadata'
import type { Extension, JsonName } from '@peculiar/x509'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
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
  /** Its common name; the first of its names unless told otherwise. */
  readonly name?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
}

export interface Authority {
  readonly caPem: string
  readonly caKeyPem: string
  /** A server's certificate for DNS names and IP addresses; valid for years unless told otherwise. */
  certificateFor(names: readonly string[], options?: CertificateOptions): Promise<CertificatePair>
  /** A certificate a Kubernetes client shows: the name is its user, organizations are its groups. */
  clientCertificate(user: string, groups?: readonly string[]): Promise<CertificatePair>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const hour = 3_600_000
const tenYears = 10 * 365 * 24 * hour

export async function makeAuthority(name = 'Test authority'): Promise<Authority> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    ...datesOf(),
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })

  async function issue(
    subject: JsonName,
    extensions: Extension[],
    dates?: CertificateOptions,
  ): Promise<CertificatePair> {
    const own = await makeKeys()
    const issued = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      ...datesOf(dates),
      subject,
      issuer: certificate.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), ...extensions],
    })
    return { certificatePem: issued.toString('pem'), keyPem: privatePem(own.privateKey) }
  }

  return {
    caPem: certificate.toString('pem'),
    caKeyPem: privatePem(keys.privateKey),
    certificateFor: (names, options = {}) =>
      issue(
        [{ CN: [options.name ?? names[0] ?? 'nobody'] }],
        [
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          new SubjectAlternativeNameExtension(
            names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }) as const),
          ),
        ],
        options,
      ),
    clientCertificate: (user, groups = []) =>
      issue(
        [{ CN: [user] }, ...groups.map((it) => ({ O: [it] }))],
        [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
      ),
  }
}

const makeKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

const privatePem = (key: Parameters<typeof KeyObject.from>[0]) =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()

/** A first digit below 8 keeps the number positive. */
const serialNumber = () => `1${randomBytes(15).toString('hex').slice(1)}`

/** An hour back forgives a clock that is late. */
const datesOf = ({ notBefore, notAfter }: CertificateOptions = {}) => ({
  notBefore: notBefore ?? new Date(Date.now() - hour),
  notAfter: notAfter ?? new Date(Date.now() + tenYears),
})
