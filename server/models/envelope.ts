import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Where a sealed value stands. It opens nowhere else. */
export interface Place {
  readonly table: string
  readonly column: string
  readonly row: string
}

/**
 * `gh1.<key id>.<wrapped data key>.<value>`: each value has a random key of its own, so that
 * another key-encryption key means re-wrapping 32 bytes and never touching the value.
 */
interface Envelope {
  readonly keyId: string
  readonly wrapped: string
  readonly value: string
}

const FORMAT = /^gh1\.([a-z0-9-]{1,32})\.([\w-]{80})\.([\w-]{38,})$/

export function keyIdOf(sealed: string): string | undefined {
  return FORMAT.exec(sealed)?.[1]
}

export function sealWith(keyId: string, key: Buffer, plain: string, place: Place): string {
  const dataKey = randomBytes(32)
  const wrapped = encrypt(key, dataKey, keyContext(keyId))
  const value = encrypt(dataKey, Buffer.from(plain, 'utf8'), valueContext(place))
  return write({ keyId, wrapped, value })
}

/** Throws when the key is another one, or the value was changed or moved. */
export function openWith(key: Buffer, sealed: string, place: Place): string {
  const { keyId, wrapped, value } = read(sealed)
  const dataKey = decrypt(key, wrapped, keyContext(keyId))
  return decrypt(dataKey, value, valueContext(place)).toString('utf8')
}

/** The same value under another key-encryption key. */
export function rewrapWith(old: Buffer, next: { id: string; key: Buffer }, sealed: string): string {
  const { keyId, wrapped, value } = read(sealed)
  const dataKey = decrypt(old, wrapped, keyContext(keyId))
  return write({ keyId: next.id, wrapped: encrypt(next.key, dataKey, keyContext(next.id)), value })
}

const write = ({ keyId, wrapped, value }: Envelope) => `gh1.${keyId}.${wrapped}.${value}`

function read(sealed: string): Envelope {
  const [, keyId, wrapped, value] = FORMAT.exec(sealed) ?? []
  if (!keyId || !wrapped || !value) throw new Error('this is not a sealed value')
  return { keyId, wrapped, value }
}

const keyContext = (keyId: string) => Buffer.from(JSON.stringify(['key', keyId]))
// As a list: `a/b` + `c` and `a` + `b/c` are two places.
const valueContext = ({ table, column, row }: Place) =>
  Buffer.from(JSON.stringify(['value', table, column, row]))

const NONCE = 12
const TAG = 16

function encrypt(key: Buffer, plain: Buffer, context: Buffer): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context)
  const body = [cipher.update(plain), cipher.final()]
  return Buffer.concat([nonce, ...body, cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Buffer, sealed: string, context: Buffer): Buffer {
  const bytes = Buffer.from(sealed, 'base64url')
  const nonce = bytes.subarray(0, NONCE)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG })
  decipher.setAAD(context).setAuthTag(bytes.subarray(-TAG))
  return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()])
}
