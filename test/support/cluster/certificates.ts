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
import { generateKeyPairSync, KeyObject, randomBytes } from 'node:crypto'

export interface Pair {
  readonly certPem: string
  readonly keyPem: string
}

export interface CertificateAuthority extends Pair {
  /** A certificate a server shows; names are DNS names or IP addresses. */
  server(name: string, names: readonly string[]): Promise<Pair>
  /** A certificate a Kubernetes client shows: the name is its user, organizations are its groups. */
  client(user: string, groups?: readonly string[]): Promise<Pair>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const tenYears = 10 * 365 * 24 * 3600 * 1000

export async function createAuthority(name: string): Promise<CertificateAuthority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...serialAndDates(),
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })

  async function issue(subject: JsonName, extensions: Extension[]): Promise<Pair> {
    const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const issued = await X509CertificateGenerator.create({
      ...serialAndDates(),
      subject,
      issuer: certificate.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), ...extensions],
    })
    return { certPem: issued.toString('pem'), keyPem: privatePem(own.privateKey) }
  }

  return {
    certPem: certificate.toString('pem'),
    keyPem: privatePem(keys.privateKey),
    server: (commonName, names) =>
      issue(
        [{ CN: [commonName] }],
        [
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          new SubjectAlternativeNameExtension(
            names.map((it) => ({ type: /^[\d.]+$|:/.test(it) ? 'ip' : 'dns', value: it }) as const),
          ),
        ],
      ),
    client: (user, groups = []) =>
      issue(
        [{ CN: [user] }, ...groups.map((it) => ({ O: [it] }))],
        [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
      ),
  }
}

/** The keys that sign and check service account tokens. */
export function createTokenKeys(): { privatePem: string; publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { privatePem: privateKey, publicPem: publicKey }
}

const privatePem = (key: Parameters<typeof KeyObject.from>[0]) =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()

function serialAndDates() {
  const now = Date.now()
  // A first digit below 8 keeps the number positive; an hour back forgives a clock that is late.
  const serialNumber = `1${randomBytes(15).toString('hex').slice(1)}`
  return { serialNumber, notBefore: new Date(now - 3_600_000), notAfter: new Date(now + tenYears) }
}
