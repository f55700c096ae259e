// What Electron 45 has in its main process and Electron 22 (Node 16) has not yet, as far as the app
// uses it. For tests only: the product's own code knows nothing of this.
'use strict'

const { app, protocol, safeStorage, session } = require('electron')
const { createCipheriv, createDecipheriv, randomBytes, webcrypto } = require('node:crypto')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const path = require('node:path')
const { Readable } = require('node:stream')
const { ReadableStream } = require('node:stream/web')
const v8 = require('node:v8')
const { Headers, Request, Response } = require('./web.cjs')

require('./as-root.cjs')

globalThis.structuredClone ??= (value) => v8.deserialize(v8.serialize(value))
globalThis.crypto ??= webcrypto
Object.assign(globalThis, { Headers, Request, Response, ReadableStream })

Promise.withResolvers ??= function withResolvers() {
  const made = {}
  made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}

// `protocol.handle` came with 25; the older way hands out streams.
function addHandle(target) {
  if (target.handle) return
  target.handle = (scheme, handler) => {
    const isRegistered = target.registerStreamProtocol(scheme, (asked, answer) => {
      const request = new Request(asked.url, { method: asked.method, headers: asked.headers })
      Promise.resolve()
        .then(() => handler(request))
        .then(
          (response) =>
            answer({
              statusCode: response.status,
              headers: Object.fromEntries(response.headers),
              data: Readable.from(response.body ?? []),
            }),
          // A network error, as `protocol.handle` makes of it.
          () => answer({ error: -2 }),
        )
    })
    if (!isRegistered) throw new Error(`Failed to register protocol: ${scheme}`)
  }
  target.unhandle = (scheme) => target.unregisterProtocol(scheme)
  target.isProtocolHandled = (scheme) => target.isProtocolRegistered(scheme)
}

addHandle(protocol)
app.on('session-created', (made) => addHandle(made.protocol))
void app.whenReady().then(() => addHandle(session.defaultSession.protocol))

/**
 * The asynchronous calls of safeStorage. A test says which keyring this machine is to have: `strong` one
 * (a key beside the user's data), or none that keeps a secret, as on a machine without a desktop.
 */
const isStrong = process.env.GATEHOUSE_TEST_KEYRING === 'strong'
let keyringKey
function key() {
  if (keyringKey) return keyringKey
  const file = path.join(app.getPath('userData'), 'test-keyring')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 })
  keyringKey = readFileSync(file)
  return keyringKey
}

Object.assign(safeStorage, {
  getSelectedStorageBackend: () =>
    app.isReady() ? (isStrong ? 'gnome_libsecret' : 'basic_text') : 'unknown',
  isEncryptionAvailable: () => app.isReady(),
  isAsyncEncryptionAvailable: async () => {
    await app.whenReady()
    return true
  },
  encryptStringAsync: async (text) => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key(), nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  },
  decryptStringAsync: async (sealed) => {
    const decipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(12, 28))
    const text = decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8')
    return { result: text, shouldReEncrypt: false }
  },
})
