import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Keyring } from '../../main/gateway/vault.ts'

/** A keyring that behaves as safeStorage does: it can be weak, locked, changed and replaced. */
export interface TestKeyring extends Keyring {
  name: string
  locked: boolean
  /** A new key; what the old one sealed still opens, and asks to be sealed again. */
  rotate(): void
  readonly opened: string[]
}

export function createKeyring(name = 'gnome_libsecret'): TestKeyring {
  const keys = [randomBytes(32)]
  const opened: string[] = []
  return {
    name,
    locked: false,
    opened,
    rotate: () => void keys.unshift(randomBytes(32)),
    backend() {
      return this.name
    },
    async available() {
      return !this.locked
    },
    async seal(text) {
      if (this.locked) throw new Error('locked')
      const [key = Buffer.alloc(32)] = keys
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(text), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    async open(sealed) {
      if (this.locked) throw new Error('locked')
      for (const [age, key] of keys.entries()) {
        try {
          const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
          decipher.setAuthTag(sealed.subarray(12, 28))
          const text =
            decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8')
          opened.push(text)
          return { text, again: age > 0 }
        } catch {
          // Sealed with another key.
        }
      }
      throw new Error('cannot decrypt')
    },
  }
}
