import { z } from 'zod'
import { call } from './call.ts'

/** What is shown of a gateway's key before anybody trusts it. */
export const Certificate = z.object({
  host: z.string(),
  /** SHA-256 of the public key (SPKI), upper-case hex in groups of four. */
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
})
export type Certificate = z.infer<typeof Certificate>

/** A gateway this app remembers. */
export const KnownGateway = z.object({
  id: z.string(),
  /** `https://host:port`. */
  address: z.string(),
  fingerprint: z.string(),
  firstSeenAt: z.string(),
  current: z.boolean(),
})
export type KnownGateway = z.infer<typeof KnownGateway>

const Address = z.string().min(1).max(300)
const Fingerprint = z.string().min(1).max(200)

/** Gateways and the keys by which they are known. Trust is given to a key that was shown, never to a name. */
export const gateways = {
  list: call(z.object({}), z.array(KnownGateway)),
  /** Connects, sends nothing, reads the certificate. */
  probe: call(
    z.object({ address: Address }),
    z.discriminatedUnion('status', [
      /** Already known by this key. */
      z.object({ status: z.literal('known'), id: z.string(), certificate: Certificate }),
      /** Never seen: the fingerprint is to be compared. `warnings`: wrong name, expired, self-signed. */
      z.object({
        status: z.literal('new'),
        certificate: Certificate,
        warnings: z.array(z.string()),
      }),
      /** Known under another key: nothing is sent until someone types the host's name. */
      z.object({
        status: z.literal('changed'),
        id: z.string(),
        certificate: Certificate,
        known: z.string(),
        firstSeenAt: z.string(),
        /** Authorities of this machine accept the new key, as they would an interceptor's of the company. */
        vouched: z.boolean(),
      }),
    ]),
  ),
  /** Trusts the key with this fingerprint, which must be the one that was just shown. */
  trust: call(z.object({ address: Address, fingerprint: Fingerprint }), KnownGateway),
  /** Confirmed in a native dialog with both fingerprints. */
  replaceKey: call(
    z.object({ id: z.string().max(100), fingerprint: Fingerprint, typedHost: z.string().max(300) }),
    KnownGateway,
  ),
  select: call(z.object({ id: z.string().max(100) }), z.void()),
  /** Confirmed in a native dialog. */
  forget: call(z.object({ id: z.string().max(100) }), z.void()),
}
