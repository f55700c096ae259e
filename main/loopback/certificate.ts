import { createHash, generateKeyPair, randomBytes, sign, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import * as asn from './der.ts'

/** What a TLS server on this machine shows, and the one authority that vouches for it. */
export interface LoopbackCertificate {
  readonly caPem: string
  readonly certificatePem: string
  readonly keyPem: string
}

interface Party {
  readonly name: string
  readonly publicKey: KeyObject
}

const ecdsaWithSha256 = asn.sequence(asn.identifier('1.2.840.10045.4.3.2'))
const day = 24 * 3600 * 1000
const newKeys = () => promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })

/**
 * An authority and one certificate for this machine's own address, in memory only and new at each start.
 * The authority's key signs once and is forgotten, so nothing else will ever be vouched for by it.
 */
export async function mintCertificate(): Promise<LoopbackCertificate> {
  const authority = await newKeys()
  const server = await newKeys()
  const issuer = { name: 'Gatehouse on this machine', publicKey: authority.publicKey }
  const subject = { name: '127.0.0.1', publicKey: server.publicKey }
  return {
    caPem: certificate(issuer, issuer, authority.privateKey, [
      extension('2.5.29.19', asn.sequence(asn.yes(), asn.integer(Buffer.from([0])))),
      extension('2.5.29.15', asn.bits(Buffer.from([0x04]), 2)),
      plainExtension('2.5.29.14', asn.octets(keyId(authority.publicKey))),
    ]),
    certificatePem: certificate(subject, issuer, authority.privateKey, [
      extension('2.5.29.19', asn.sequence()),
      extension('2.5.29.15', asn.bits(Buffer.from([0x80]), 7)),
      plainExtension('2.5.29.37', asn.sequence(asn.identifier('1.3.6.1.5.5.7.3.1'))),
      plainExtension(
        '2.5.29.17',
        asn.sequence(
          asn.der(0x87, Buffer.from([127, 0, 0, 1])),
          asn.der(0x82, Buffer.from('localhost')),
        ),
      ),
      plainExtension('2.5.29.35', asn.sequence(asn.der(0x80, keyId(authority.publicKey)))),
    ]),
    keyPem: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function certificate(
  subject: Party,
  issuer: Party,
  issuerKey: KeyObject,
  extensions: readonly Uint8Array[],
): string {
  const now = Date.now()
  const toSign = asn.sequence(
    asn.tagged(0, asn.integer(Buffer.from([2]))),
    asn.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    name(issuer.name),
    // A clock may be set back while the app runs.
    asn.sequence(asn.time(new Date(now - day)), asn.time(new Date(now + 397 * day))),
    name(subject.name),
    spki(subject.publicKey),
    asn.tagged(3, asn.sequence(...extensions)),
  )
  const signature = sign('sha256', toSign, issuerKey)
  const whole = asn.sequence(toSign, ecdsaWithSha256, asn.bits(signature))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const name = (commonName: string) =>
  asn.sequence(asn.set(asn.sequence(asn.identifier('2.5.4.3'), asn.text(commonName))))

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })

const keyId = (key: KeyObject) => createHash('sha256').update(spki(key)).digest().subarray(0, 20)

/** One that a reader must understand. */
const extension = (id: string, value: Uint8Array) =>
  asn.sequence(asn.identifier(id), asn.yes(), asn.octets(value))

const plainExtension = (id: string, value: Uint8Array) =>
  asn.sequence(asn.identifier(id), asn.octets(value))
