import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SessionState } from '#bridge/session.ts'
import { PinStore } from '../../main/gateway/pin-store.ts'
import { deviceNameFrom, GatewayRoom } from '../../main/gateway/room.ts'
import { Vault } from '../../main/gateway/vault.ts'
import { administrator, startGateway, type TestGateway } from '../support/gateway.ts'
import { createKeyring, type TestKeyring } from '../support/keyring.ts'

let gateway: TestGateway
let folder: string
let keyring: TestKeyring

beforeAll(async () => {
  gateway = await startGateway()
  await gateway.admin()
})
afterAll(() => gateway.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-desktop-'))
  keyring = createKeyring()
  return () => rm(folder, { recursive: true, force: true })
})

const sessionFolder = () => join(folder, 'sessions')

/** The app as it starts: over the same folder it is the same installation. */
function startApp() {
  const pins = new PinStore(join(folder, 'gateways.json'))
  const vault = new Vault(sessionFolder(), keyring)
  const room = new GatewayRoom({ pins, vault, deviceName: 'a desk' })
  const states: SessionState[] = []
  room.onState((state) => states.push(state))
  return { room, pins, states }
}

async function trusting(room: GatewayRoom, at = gateway.address) {
  const { certificate } = await room.probe(at)
  return room.trust(at, certificate.fingerprint)
}

async function signedIn() {
  const app = startApp()
  await trusting(app.room)
  await app.room.signIn(administrator.name, administrator.password)
  return app
}

const sealedFile = async () => {
  const [name = ''] = await readdir(sessionFolder())
  return join(sessionFolder(), name)
}

test('a person signs in, is known by the device’s name, and no token is seen outside', async () => {
  const { room, states } = await signedIn()
  expect(room.state).toMatchObject({
    status: 'signed in',
    person: { name: administrator.name, admin: true },
    kept: 'sealed',
  })
  const sessions = await room.client.sessions.list({})
  expect(sessions.find((it) => it.current)?.device).toBe('a desk')
  const token = await room.device?.token()
  expect(token).toMatch(/^eyJ/)
  expect(JSON.stringify([states, room.state, room.list()])).not.toContain(token)
})

test('a wrong password is refused and nothing is kept', async () => {
  const { room } = startApp()
  await trusting(room)
  await expect(room.signIn(administrator.name, 'wrong password')).rejects.toMatchObject({
    code: 'unauthenticated',
  })
  expect(room.state.status).toBe('signed out')
  await expect(readdir(sessionFolder())).rejects.toThrow('ENOENT')
})

test('the session outlives the app in a sealed file, which says nothing by itself', async () => {
  const before = await signedIn()
  const text = await readFile(await sealedFile(), 'utf8')
  expect((await stat(await sealedFile())).mode & 0o777).toBe(0o600)
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['v', 'backend', 'gatewayId', 'blob'])
  expect(Buffer.from(text, 'base64').toString()).not.toContain('ghr_')
  before.room.device?.leave()

  const { room } = startApp()
  expect(await room.settled()).toMatchObject({ status: 'signed in', kept: 'sealed' })
  expect(keyring.opened.at(-1)).toContain('ghr_')
  expect(keyring.opened.at(-1)).not.toContain('eyJ')
  expect(await room.client.persons.me({})).toMatchObject({ name: administrator.name })
})

test.each(['basic_text', 'unknown'])(
  'with the keyring %s the session is in memory only',
  async (name) => {
    keyring.name = name
    const { room } = await signedIn()
    expect(room.state).toMatchObject({ status: 'signed in', kept: 'memory' })
    await expect(readdir(sessionFolder())).rejects.toThrow('ENOENT')
    expect(await startApp().room.settled()).toMatchObject({ status: 'signed out' })
  },
)

test('a locked keyring is asked again later and nothing is deleted', async () => {
  await signedIn()
  const file = await sealedFile()
  keyring.locked = true
  const { room } = startApp()
  expect(await room.settled()).toMatchObject({
    status: 'signed out',
    reason: expect.stringContaining('keyring of this machine is locked') as string,
  })
  expect(await sealedFile()).toBe(file)
  keyring.locked = false
  expect(await room.settled()).toMatchObject({ status: 'signed in' })
})

test('a session that can be sealed no more is in memory only, and its spent file is gone', async () => {
  const { room } = await signedIn()
  const { device } = room
  if (!device) throw new Error('no device')
  const file = await sealedFile()
  keyring.locked = true
  await device.renew(await device.token())
  expect(room.state).toMatchObject({ status: 'signed in', kept: 'memory' })
  await expect(stat(file)).rejects.toThrow('ENOENT')
  keyring.locked = false
  // A new start asks for the password; it shows no token that was spent, which would end the session.
  expect(await startApp().room.settled()).toMatchObject({ status: 'signed out' })
  expect(await room.client.persons.me({})).toMatchObject({ name: administrator.name })
  await device.renew(await device.token())
  expect(room.state).toMatchObject({ kept: 'sealed' })
  expect(await sealedFile()).toBe(file)
})

test('what a locked keyring holds stays, also when somebody signs in meanwhile', async () => {
  await signedIn()
  const sealed = await readFile(await sealedFile(), 'utf8')
  keyring.locked = true
  const { room } = startApp()
  await room.settled()
  await room.signIn(administrator.name, administrator.password)
  expect(room.state).toMatchObject({ kept: 'memory' })
  expect(await readFile(await sealedFile(), 'utf8')).toBe(sealed)
})

test('another keyring than before is explained, and what it cannot read stays', async () => {
  await signedIn()
  const sealed = await readFile(await sealedFile(), 'utf8')
  keyring.name = 'kwallet6'
  const { room } = startApp()
  expect(await room.settled()).toMatchObject({
    status: 'signed out',
    reason: expect.stringContaining('(gnome_libsecret)') as string,
  })
  expect(await readFile(await sealedFile(), 'utf8')).toBe(sealed)
  expect(keyring.opened).toEqual([])
})

test('what a rotated key has sealed is sealed again with the new one', async () => {
  await signedIn()
  const before = await readFile(await sealedFile(), 'utf8')
  keyring.rotate()
  expect(await startApp().room.settled()).toMatchObject({ status: 'signed in' })
  await expect.poll(async () => readFile(await sealedFile(), 'utf8')).not.toBe(before)
})

test.each(['', '{', '{"v":1}', '{"v":2,"backend":"gnome_libsecret","gatewayId":"x","blob":""}'])(
  'a damaged file %j asks for a new sign-in and stands in nobody’s way',
  async (damage) => {
    const { pins } = await signedIn()
    await writeFile(await sealedFile(), damage.replace('"x"', JSON.stringify(pins.current?.id)))
    const { room } = startApp()
    expect(await room.settled()).toMatchObject({
      status: 'signed out',
      reason: expect.stringContaining('cannot be read') as string,
    })
    expect(await room.signIn(administrator.name, administrator.password)).toMatchObject({
      status: 'signed in',
      kept: 'sealed',
    })
  },
)

test('a blob that was cut counts as locked, not as gone', async () => {
  await signedIn()
  const file = await sealedFile()
  const envelope = JSON.parse(await readFile(file, 'utf8')) as { blob: string }
  await writeFile(file, JSON.stringify({ ...envelope, blob: envelope.blob.slice(0, 40) }))
  expect(await startApp().room.settled()).toMatchObject({ status: 'signed out' })
  expect(await sealedFile()).toBe(file)
})

test('fifty calls with a spent token refresh once, and every one is answered', async () => {
  const { room } = await signedIn()
  const { device } = room
  if (!device) throw new Error('no device')
  const spent = await device.token()
  const renewed = await Promise.all(Array.from({ length: 50 }, () => device.renew(spent)))
  expect(new Set(renewed).size).toBe(1)
  expect(renewed[0]).not.toBe(spent)
  const people = await Promise.all(Array.from({ length: 20 }, () => room.client.persons.me({})))
  expect(people).toHaveLength(20)
  expect(gateway.logged.filter((it) => it.includes('reuse'))).toEqual([])
})

test('a token near its end is exchanged before it is used', async () => {
  const short = await startGateway({ environment: { GATEHOUSE_ACCESS_SECONDS: '30' } })
  try {
    await short.admin()
    const { room } = startApp()
    await trusting(room, short.address)
    await room.signIn(administrator.name, administrator.password)
    const first = await room.device?.token()
    // 30 seconds are less than the minute that a token must still have.
    expect(await room.device?.token()).not.toBe(first)
    expect(await room.client.persons.me({})).toMatchObject({ name: administrator.name })
  } finally {
    await short.stop()
  }
})

test('a session that was ended at the gateway is ended here, with the reason', async () => {
  const { room, states } = await signedIn()
  let ended = 0
  room.device?.onEnd(() => (ended += 1))
  const admin = await gateway.admin()
  const mine = (await room.client.sessions.list({})).find((it) => it.current)
  await admin.sessions.revoke({ id: mine?.id ?? '' })

  await expect(room.client.persons.me({})).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(states.at(-1)).toMatchObject({
    status: 'signed out',
    reason: 'The gateway has ended this session',
  })
  expect(ended).toBe(1)
  expect(await readdir(sessionFolder())).toEqual([])
})

test('signing out ends the session at the gateway and removes the file', async () => {
  const { room } = await signedIn()
  const admin = await gateway.admin()
  const mine = (await room.client.sessions.list({})).find((it) => it.current)
  expect(await room.signOut()).toEqual({
    status: 'signed out',
    gatewayId: expect.any(String) as string,
    address: gateway.address,
  })
  expect(await readdir(sessionFolder())).toEqual([])
  const left = await admin.sessions.list({ everyone: 'true' })
  expect(left.map((it) => it.id)).not.toContain(mine?.id)
})

test('signing in again ends the session before', async () => {
  const { room } = await signedIn()
  const before = (await room.client.sessions.list({})).find((it) => it.current)
  await room.signIn(administrator.name, administrator.password)
  const now = await room.client.sessions.list({})
  expect(now.map((it) => it.id)).not.toContain(before?.id)
})

test('a gateway that is away is trouble, not the end; signing out works without it', async () => {
  const other = await startGateway()
  await other.admin()
  const { room, states } = startApp()
  await trusting(room, other.address)
  await room.signIn(administrator.name, administrator.password)
  await other.stop()
  await expect(room.client.persons.me({})).rejects.toMatchObject({ code: 'unavailable' })
  expect(states.at(-1)).toMatchObject({
    status: 'signed in',
    trouble: expect.stringContaining('cannot be reached') as string,
  })
  expect(await room.signOut()).toMatchObject({
    status: 'signed out',
    reason: expect.stringContaining('could not be told') as string,
  })
  expect(await readdir(sessionFolder())).toEqual([])
})

test('several gateways are remembered; leaving one keeps its session and does not touch the other', async () => {
  const other = await startGateway()
  try {
    await other.admin()
    const { room } = await signedIn()
    const first = room.state
    let ended = 0
    room.device?.onEnd(() => (ended += 1))
    const { id } = await trusting(room, other.address)
    expect(room.list().map((it) => it.current)).toEqual([true, false])

    room.select(id)
    expect(ended).toBe(1)
    expect(room.state).toMatchObject({ status: 'signed out', address: other.address })
    await room.signIn(administrator.name, administrator.password)
    expect(await readdir(sessionFolder())).toHaveLength(2)
    if (first.status !== 'signed in') throw new Error(first.status)
    room.select(first.gatewayId)
    expect(room.state).toMatchObject({ status: 'signed in', address: gateway.address })
    expect(room.others()).toEqual([
      { gatewayId: id, address: other.address, person: administrator.name },
    ])

    await room.forget(id)
    expect(room.others()).toEqual([])
    expect(room.list()).toHaveLength(1)
    expect(await readdir(sessionFolder())).toHaveLength(1)
    const sessions = await (await other.admin()).sessions.list({ everyone: 'true' })
    expect(sessions.map((it) => it.device)).not.toContain('a desk')
  } finally {
    await other.stop()
  }
})

test('without a gateway there is nothing to ask, and it is said', async () => {
  const { room } = startApp()
  expect(await room.settled()).toEqual({ status: 'no gateway' })
  await expect(room.client.persons.me({})).rejects.toMatchObject({ code: 'unauthenticated' })
  await expect(room.signIn('a', 'b')).rejects.toThrow('Choose a gateway first')
})

test.each([
  ['desk', 'desk'],
  ['  a\u0000b\u202E  ', 'ab'],
  ['x'.repeat(300), 'x'.repeat(100)],
  ['\n', 'desktop'],
])('a machine called %j signs in as %j', (hostname, name) => {
  expect(deviceNameFrom(hostname)).toBe(name)
})
