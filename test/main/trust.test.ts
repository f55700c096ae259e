import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { gatewayCalls } from '../../main/bridge/gateways.ts'
import { readAddress } from '../../main/gateway/address.ts'
import { connectPinned, PinnedAgent } from '../../main/gateway/connect.ts'
import { PinStore } from '../../main/gateway/pin-store.ts'
import { GatewayRoom } from '../../main/gateway/room.ts'
import { Trust } from '../../main/gateway/trust.ts'
import { Vault } from '../../main/gateway/vault.ts'
import {
  makeAuthority,
  type Authority,
  type CertificatePair,
} from '../support/cluster/certificates.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { createKeyring } from '../support/keyring.ts'
import { listenTls, type ListeningTls } from '../support/tls-server.ts'

let authority: Authority
/** One that this machine knows, as it knows its company's. */
let vouching: Authority
let gateway: TestGateway
let folder: string
const servers: ListeningTls[] = []

beforeAll(async () => {
  authority = await makeAuthority()
  vouching = await makeAuthority()
  // Before the first handshake: the list is read once.
  setDefaultCACertificates([...getCACertificates('default'), vouching.caPem])
  gateway = await startGateway()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-pins-'))
  return async () => {
    await Promise.all(servers.splice(0).map((it) => it.close()))
    await rm(folder, { recursive: true, force: true })
  }
})
afterAll(() => gateway.stop())

const pinFile = () => join(folder, 'gateways.json')
const start = () => {
  const pins = new PinStore(pinFile())
  return { pins, trust: new Trust(pins) }
}

async function listen(pair: CertificatePair, port = 0) {
  const server = await listenTls(pair, port)
  servers.push(server)
  return { server, address: `https://127.0.0.1:${server.port}` }
}

test('a gateway nobody has seen shows its key and is known by it from then on', async () => {
  const { pins, trust } = start()
  const found = await trust.probe(gateway.address)
  if (found.status !== 'new') throw new Error(found.status)
  expect(found.certificate.fingerprint).toMatch(/^(?:[0-9A-F]{4} ){15}[0-9A-F]{4}$/)
  expect(found.warnings).toEqual([
    expect.stringContaining('No authority that this machine knows vouches'),
  ])

  const known = trust.trust(gateway.address, found.certificate.fingerprint)
  expect(known.address).toBe(gateway.address)
  expect(await trust.probe(gateway.address)).toMatchObject({ status: 'known', id: known.id })
  const socket = await connectPinned(gateway.address, pins.get(known.id))
  socket.destroy()
})

test('looking at a key sends the gateway not a single byte', async () => {
  const { server, address } = await listen(await authority.certificateFor(['127.0.0.1']))
  await start().trust.probe(address)
  await server.idle()
  expect(server.greeted()).toBe(1)
  expect(server.heard()).toBe('')
})

test('another name, an expired and a self-made certificate are each said', async () => {
  const { trust } = start()
  const day = 86_400_000
  const other = await listen(await authority.certificateFor(['elsewhere.test']))
  const old = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) }
  const expired = await listen(await authority.certificateFor(['127.0.0.1'], old))
  const early = { notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 9 * day) }
  const unborn = await listen(await authority.certificateFor(['127.0.0.1'], early))

  expect(await trust.probe(other.address)).toMatchObject({
    warnings: [expect.any(String), 'It was made for another name than 127.0.0.1'],
  })
  expect(await trust.probe(expired.address)).toMatchObject({
    warnings: [expect.any(String), 'It has expired'],
  })
  expect(await trust.probe(unborn.address)).toMatchObject({
    warnings: [expect.any(String), 'It is not valid yet'],
  })
})

test('only the key that was just shown can be trusted', async () => {
  const { trust } = start()
  const shown = async () => {
    const found = await trust.probe(gateway.address)
    return found.certificate.fingerprint
  }
  expect(() => trust.trust(gateway.address, 'ab'.repeat(32))).toThrow(
    'Look at the gateway’s key first',
  )
  const fingerprint = await shown()
  expect(() => trust.trust(gateway.address, 'ab'.repeat(32))).toThrow('not the key that was shown')
  expect(() => trust.trust(gateway.address, '')).toThrow('not the key that was shown')
  expect(() => trust.trust('https://127.0.0.1:1', fingerprint)).toThrow('Look at')
  expect(trust.trust(gateway.address, fingerprint.toLowerCase()).address).toBe(gateway.address)
})

test('a changed key stops everything before a byte is sent, over https and WebSocket alike', async () => {
  const { pins, trust } = start()
  const first = await listen(await authority.certificateFor(['127.0.0.1']))
  const { certificate } = await trust.probe(first.address)
  const { id } = trust.trust(first.address, certificate.fingerprint)
  await first.server.close()
  // The same authority, the same name, another key: what an attacker inside the company would have.
  const second = await listen(await authority.certificateFor(['127.0.0.1']), first.server.port)

  const agent = new PinnedAgent(() => connectPinned(first.address, pins.get(id)), {})
  const secret = { authorization: 'Bearer not-for-strangers' }
  const overHttps = new Promise((resolve, reject) => {
    const sent = request(first.address, { agent, method: 'POST', headers: secret }, resolve)
    sent.on('error', reject)
    sent.end('a password')
  })
  await expect(overHttps).rejects.toThrow('another key than the one you trusted')
  const overSocket = new Promise((resolve, reject) => {
    const socket = new WebSocket(`${first.address.replace('https', 'wss')}/streams/views`, {
      agent,
      headers: secret,
    })
    socket.on('open', resolve)
    socket.on('error', reject)
  })
  await expect(overSocket).rejects.toThrow('another key than the one you trusted')

  await second.server.idle()
  expect(second.server.greeted()).toBe(2)
  expect(second.server.heard()).toBe('')
})

test('a changed key is shown beside the old one and replaced only by typing the host’s name', async () => {
  const { pins, trust } = start()
  const first = await listen(await authority.certificateFor(['127.0.0.1']))
  const before = await trust.probe(first.address)
  const { id } = trust.trust(first.address, before.certificate.fingerprint)
  await first.server.close()
  const second = await listen(await authority.certificateFor(['127.0.0.1']), first.server.port)

  const found = await trust.probe(second.address)
  if (found.status !== 'changed') throw new Error(found.status)
  expect(found.known).toBe(before.certificate.fingerprint)
  expect(found.vouched).toBe(false)
  expect(found.certificate.fingerprint).not.toBe(found.known)
  const now = found.certificate.fingerprint
  expect(() => trust.trust(first.address, now)).toThrow('known by another key')
  expect(() => trust.replaceKey(id, now, '')).toThrow('is not the name of this gateway')
  expect(() => trust.replaceKey(id, now, 'localhost')).toThrow('is not the name of this gateway')
  expect(() => trust.replaceKey(id, found.known, '127.0.0.1')).toThrow('not the key that was shown')
  expect(trust.replaceKey(id, now, '127.0.0.1').id).toBe(id)
  const socket = await connectPinned(first.address, pins.get(id))
  socket.destroy()
})

test('a gateway that an authority of this machine vouches for is known by its key alone', async () => {
  const { pins, trust } = start()
  const first = await listen(await vouching.certificateFor(['127.0.0.1']))
  const before = await trust.probe(first.address)
  expect(before).toMatchObject({ status: 'new', warnings: [] })
  const { id } = trust.trust(first.address, before.certificate.fingerprint)
  await first.server.close()
  // The same authority, another key: a renewed certificate, or somebody who reads along.
  const second = await listen(await vouching.certificateFor(['127.0.0.1']), first.server.port)

  await expect(connectPinned(first.address, pins.get(id))).rejects.toThrow('another key than')
  await second.server.idle()
  expect(second.server.heard()).toBe('')
  const found = await trust.probe(first.address)
  expect(found).toMatchObject({ status: 'changed', id, vouched: true })
  const now = found.certificate.fingerprint
  expect(() => trust.trust(first.address, now)).toThrow('known by another key')
  expect(trust.judgeChange(id, now, '127.0.0.1')).toEqual({
    address: first.address,
    before: before.certificate.fingerprint,
    now,
  })
  expect(await trust.probe(first.address)).toMatchObject({ status: 'changed' })
  trust.replaceKey(id, now, '127.0.0.1')
  expect(await trust.probe(first.address)).toMatchObject({ status: 'known', id })
  const socket = await connectPinned(first.address, pins.get(id))
  socket.destroy()
})

test('another key, and forgetting, are confirmed where no page can answer', async () => {
  const pins = new PinStore(pinFile())
  const vault = new Vault(join(folder, 'sessions'), createKeyring())
  const room = new GatewayRoom({ pins, vault, deviceName: 'a desk' })
  const asked: unknown[] = []
  let yes = false
  const answer = (question: unknown) => {
    asked.push(question)
    return Promise.resolve(yes)
  }
  const calls = gatewayCalls(room, { confirmKey: answer, confirmForget: answer })
  const first = await listen(await authority.certificateFor(['127.0.0.1']))
  const { address } = first
  const before = (await calls.probe({ address })).certificate.fingerprint
  const { id } = await calls.trust({ address, fingerprint: before })
  await first.server.close()
  await listen(await authority.certificateFor(['127.0.0.1']), first.server.port)
  const fingerprint = (await calls.probe({ address })).certificate.fingerprint

  const change = { id, fingerprint, typedHost: '127.0.0.1' }
  await expect(calls.replaceKey({ ...change, typedHost: 'x' })).rejects.toThrow('not the name')
  await expect(calls.replaceKey(change)).rejects.toMatchObject({ code: 'forbidden' })
  await calls.forget({ id })
  expect((await calls.list({})).map((it) => it.fingerprint)).toEqual([before])
  yes = true
  expect(await calls.replaceKey(change)).toMatchObject({ id, fingerprint })
  await calls.forget({ id })
  expect(await calls.list({})).toEqual([])
  const shown = { address, before, now: fingerprint }
  expect(asked).toEqual([shown, address, shown, address])
})

test('a pin of before that took any vouched key holds the key that was shown, and asks at the next one', async () => {
  const pair = await vouching.certificateFor(['127.0.0.1'])
  const first = await listen(pair)
  const shown = await start().trust.probe(first.address)
  const old = {
    id: randomUUID(),
    address: first.address,
    by: 'authority',
    sha256: shown.certificate.fingerprint.replaceAll(' ', '').toLowerCase(),
    firstSeenAt: '2026-01-01T00:00:00.000Z',
  }
  await writeFile(pinFile(), JSON.stringify({ v: 1, gateways: [old] }))
  const { trust, pins } = start()
  expect(await trust.probe(first.address)).toMatchObject({ status: 'known', id: old.id })
  await first.server.close()
  await listen(await vouching.certificateFor(['127.0.0.1']), first.server.port)
  await expect(connectPinned(first.address, pins.get(old.id))).rejects.toThrow('another key than')
  expect(await trust.probe(first.address)).toMatchObject({ status: 'changed', vouched: true })
})

test('the pinned agent leads to its gateway, wherever a request says it goes', async () => {
  const { pins, trust } = start()
  const { certificate } = await trust.probe(gateway.address)
  const { id } = trust.trust(gateway.address, certificate.fingerprint)
  const elsewhere = await listen(await authority.certificateFor(['127.0.0.1']))
  const agent = new PinnedAgent(() => connectPinned(gateway.address, pins.get(id)), {})
  const status = await new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${elsewhere.server.port}/api/status`
    request(url, { agent }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  // The gateway refuses the strange Host; what matters is that it, and nobody else, was asked.
  expect(status).toBeGreaterThanOrEqual(200)
  expect(elsewhere.server.greeted()).toBe(0)
})

test('pins are kept for their owner only, survive a restart, and damage makes every gateway a stranger', async () => {
  const { pins, trust } = start()
  const { certificate } = await trust.probe(gateway.address)
  const { id } = trust.trust(gateway.address, certificate.fingerprint)
  pins.select(id)
  expect((await stat(pinFile())).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(pinFile(), 'utf8'))).toMatchObject({ v: 1, current: id })
  expect(new PinStore(pinFile()).current?.id).toBe(id)

  await writeFile(pinFile(), '{"v":1,"gateways":[{"id":')
  const after = start()
  expect(after.pins.all).toEqual([])
  expect(await after.trust.probe(gateway.address)).toMatchObject({ status: 'new' })
  expect(await readdir(folder)).toContain('gateways.json.damaged')
})

test.each([
  'http://gateway.test',
  'ftp://gateway.test',
  'https://name@gateway.test',
  'https://name:word@gateway.test',
  'https://gateway.test/path',
  'https://gateway.test/?',
  'https://gateway.test/#',
  'https://gateway.test?q=1',
  'https://gateway.test\\@evil.test',
  'https://gate\tway.test',
  'https://gateway.test\u202E',
  'javascript:alert(1)',
  'https://',
  'https://gateway.test:99999',
  '',
])('%j is no address of a gateway', (text) => {
  expect(() => readAddress(text)).toThrow(/^address: /)
})

test.each([
  ['gateway.test', 'https://gateway.test'],
  ['GATEWAY.test:8443', 'https://gateway.test:8443'],
  [' https://gateway.test/ ', 'https://gateway.test'],
  ['localhost:8443', 'https://localhost:8443'],
  ['[::1]:8443', 'https://[::1]:8443'],
])('%j means %j', (text, address) => {
  expect(readAddress(text)).toBe(address)
})
