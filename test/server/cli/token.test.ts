import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { expect, test } from 'vitest'
import { newDevice, rememberedSession } from '../../support/command-line.ts'

// Nothing listens there: whoever asks it fails.
const address = 'https://127.0.0.1:1'

test('a token that is good for a while is handed out without asking the gateway', async () => {
  const device = newDevice()
  const session = rememberedSession()
  device.remember({ address, session })
  const { code, stdout, stderr } = await device.run(['token', '--gateway', address])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(JSON.parse(stdout)).toEqual({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: {
      token: session.accessToken,
      expirationTimestamp: session.accessExpiresAt.replace(/\.\d+Z/, 'Z'),
    },
  })
})

test('the only gateway with a session needs no name, two do', async () => {
  const device = newDevice()
  device.remember({ address, session: rememberedSession() })
  device.remember({ address: 'https://other.test' })
  expect((await device.run(['token'])).code).toBe(0)
  device.remember({ address: 'https://other.test', session: rememberedSession() })
  const { code, stderr } = await device.run(['token'])
  expect(code).toBe(1)
  expect(stderr).toContain('https://127.0.0.1:1, https://other.test')
})

test('without a session the way to one is said', async () => {
  const device = newDevice()
  const { code, stdout, stderr } = await device.run(['token', '--gateway', address])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe(`gatehouse: Nobody is signed in here: run gatehouse login ${address}\n`)
})

test('a token with 30 seconds left is used up while the gateway is away, a dead one is not', async () => {
  const device = newDevice()
  device.remember({ address, session: rememberedSession(30) })
  const good = await device.run(['token'])
  expect(good.code).toBe(0)
  device.remember({ address, session: rememberedSession(-1) })
  const dead = await device.run(['token'])
  expect(dead).toMatchObject({ code: 1, stdout: '' })
  expect(dead.stderr).not.toContain('token')
})

test.each([0o640, 0o604, 0o666])('a state file with mode %o is refused', async (mode) => {
  const device = newDevice()
  const file = device.remember({ address, session: rememberedSession() }, mode)
  const { code, stdout, stderr } = await device.run(['token'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(`Others can read ${file}`)
})

test('a state file that is a link is refused', async () => {
  const device = newDevice()
  const file = device.remember({ address, session: rememberedSession() })
  renameSync(file, `${file}.moved`)
  symlinkSync(`${file}.moved`, file)
  expect((await device.run(['token', '--gateway', address])).code).toBe(1)
})

test.each(['', '{"accessToken":"a-secret', '[]', '{"address":"https://elsewhere.test"}'])(
  'a damaged state file (%j) is named and not quoted',
  async (content) => {
    const device = newDevice()
    const file = device.remember({ address })
    writeFileSync(file, content)
    const { code, stderr } = await device.run(['token', '--gateway', address])
    expect(code).toBe(1)
    expect(stderr).toBe(`gatehouse: ${file} is damaged: remove it and sign in again\n`)
  },
)

test('a state folder that others can write to is refused before anything is sent', async () => {
  const device = newDevice()
  mkdirSync(device.home, { mode: 0o700 })
  const login = ['login', address, '--name', 'ada', '--password-stdin']
  expect((await device.run(login, 'pw')).stderr).toContain('cannot be reached')
  expect(statSync(device.home).mode & 0o777).toBe(0o700)
  const open = newDevice()
  mkdirSync(open.home)
  chmodSync(open.home, 0o777)
  expect((await open.run(login, 'pw')).stderr).toContain('Others can write')
})

test('a lock that a killed process left behind is taken over', async () => {
  const device = newDevice()
  const lock = `${device.remember({ address, session: rememberedSession(30) })}.lock`
  mkdirSync(lock)
  const past = new Date(Date.now() - 60_000)
  utimesSync(lock, past, past)
  expect((await device.run(['token'])).code).toBe(0)
  expect(existsSync(lock)).toBe(false)
})

test('a command that needs a session says how to get one', async () => {
  const device = newDevice()
  device.remember({ address })
  const { code, stderr } = await device.run(['clusters', '--gateway', address])
  expect(code).toBe(1)
  expect(stderr).toContain(`run gatehouse login ${address}`)
})
