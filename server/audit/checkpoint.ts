import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { canonical } from './chain.ts'

/** After so many records at the latest the chain is signed; one batch may come on top. */
export const recordsPerCheckpoint = 1000
/** How long a record may wait for a signature while the process lives. */
export const checkpointEvery = 60_000

/** The gateway's word that its chain stood at this hash at this time. */
export interface SignedCheckpoint {
  readonly writer: string
  readonly sequence: number
  readonly at: string
  readonly hash: string
  /** Ed25519, base64url. */
  readonly signature: string
  readonly keyId: string
}
type Unsigned = Omit<SignedCheckpoint, 'signature' | 'keyId'>

export interface Signer {
  readonly keyId: string
  readonly publicKeyPem: string
  sign(place: Unsigned): SignedCheckpoint
}

export function createSigner(key: KeyObject): Signer {
  if (key.type !== 'private' || key.asymmetricKeyType !== 'ed25519')
    throw new Error('the audit key must be an Ed25519 private key')
  const publicKey = createPublicKey(key)
  const keyId = keyIdOf(publicKey)
  return {
    keyId,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: ({ writer, sequence, at, hash }) => {
      const signature = sign(null, payload({ writer, sequence, at, hash }), key)
      return { writer, sequence, at, hash, signature: signature.toString('base64url'), keyId }
    },
  }
}

export type PublicKeys = ReadonlyMap<string, KeyObject>

/** Every public key of a PEM text; several after one another when keys were changed. */
export function readPublicKeys(pem: string): PublicKeys {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  const keys = blocks.map((block) => createPublicKey(block))
  if (keys.length === 0 || keys.some((key) => key.asymmetricKeyType !== 'ed25519'))
    throw new Error('this is not an Ed25519 public key in PEM form')
  return new Map(keys.map((key) => [keyIdOf(key), key]))
}

export function isGenuine(checkpoint: SignedCheckpoint, keys: PublicKeys): boolean {
  const key = keys.get(checkpoint.keyId)
  const { writer, sequence, at, hash, signature } = checkpoint
  const content = payload({ writer, sequence, at, hash })
  return key !== undefined && verify(null, content, key, Buffer.from(signature, 'base64url'))
}

// The first line keeps this key's signatures from ever meaning anything else.
const payload = (place: Unsigned) => Buffer.from(`gatehouse audit checkpoint\n${canonical(place)}`)

const keyIdOf = (key: KeyObject) =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
