import { safeStorage } from 'electron'
import type { Keyring } from '../gateway/vault.ts'

/** Never the synchronous calls: a locked keyring would stop the whole app until its person answers. */
export const keyring: Keyring = {
  backend() {
    if (process.platform === 'darwin') return 'keychain'
    if (process.platform === 'win32') return 'dpapi'
    return safeStorage.getSelectedStorageBackend()
  },
  available: () => safeStorage.isAsyncEncryptionAvailable(),
  seal: (text) => safeStorage.encryptStringAsync(text),
  async open(sealed) {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed)
    return { text: result, again: shouldReEncrypt }
  },
}
