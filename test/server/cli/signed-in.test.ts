import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Device, DeviceSession } from '../../../server/cli/device.ts'
import { newDevice, type CommandLine } from '../../support/command-line.ts'
import { administrator, startGateway, type TestGateway } from '../../support/gateway.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway()
  await gateway.admin()
})
afterAll(async () => {
  await gateway.stop()
})

/** A device on which the administrator has signed in. */
async function signedIn(): Promise<CommandLine> {
  const device = newDevice()
  const ca = writeAuthority(device)
  const args = ['login', gateway.address, '--name', administrator.name, '--password-stdin']
  const { code, stderr } = await device.run([...args, '--ca', ca], `${administrator.password}\n`)
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `Signed in to ${gateway.address} as ${administrator.name}\n`,
  })
  return device
}

function writeAuthority({ home }: CommandLine): string {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = join(home, 'ca.pem')
  writeFileSync(file, gateway.caPem)
  return file
}

const stateFile = ({ home }: CommandLine) =>
  join(home, readdirSync(home).find((name) => name.endsWith('.json')) ?? '')

function sessionOf(device: CommandLine): DeviceSession {
  const { session } = JSON.parse(readFileSync(stateFile(device), 'utf8')) as Device
  if (!session) throw new Error('nobody is signed in')
  return session
}

/** Makes the access token one that is about to end. */
function age(device: CommandLine): void {
  const state = JSON.parse(readFileSync(stateFile(device), 'utf8')) as Device
  const accessExpiresAt = new Date(Date.now() + 20_000).toISOString()
  const session = { ...state.session, accessExpiresAt }
  writeFileSync(stateFile(device), JSON.stringify({ ...state, session }))
}

const tokenIn = (stdout: string) =>
  (JSON.parse(stdout) as { status: { token: string } }).status.token

/** How many the gateway has made, by its own audit. */
async function refreshes(): Promise<number> {
  const admin = await gateway.admin()
  const { events } = await admin.events.list({ action: 'entry.refresh', limit: 1000 })
  return events.filter(({ phase, result }) => phase !== 'intent' && result === 'allowed').length
}

test('a sign-in leaves one private file, whose token the gateway takes', async () => {
  const device = await signedIn()
  expect(statSync(stateFile(device)).mode & 0o777).toBe(0o600)
  expect(statSync(device.home).mode & 0o777).toBe(0o700)
  const { stdout } = await device.run(['token'])
  await expect(gateway.as(tokenIn(stdout)).persons.me({})).resolves.toMatchObject({ admin: true })
  const whoami = await device.run(['whoami'])
  expect(whoami.stdout).toMatch(new RegExp(`${administrator.name} +yes +${sessionOf(device).id}`))
})

test('a wrong password is refused and leaves no state behind', async () => {
  const device = newDevice()
  const ca = writeAuthority(device)
  const args = ['login', gateway.address, '--name', administrator.name, '--password-stdin']
  const { code, stderr } = await device.run([...args, '--ca', ca], 'not the password')
  expect(code).toBe(1)
  expect(stderr).not.toContain('not the password')
  expect(readdirSync(device.home)).toEqual(['ca.pem'])
})

test('signing in again ends the session that the device had', async () => {
  const device = await signedIn()
  const before = sessionOf(device)
  const args = ['login', gateway.address, '--name', administrator.name, '--password-stdin']
  expect((await device.run(args, administrator.password)).code).toBe(0)
  expect(sessionOf(device).id).not.toBe(before.id)
  const old = gateway.as(before.accessToken).persons.me({})
  await expect(old).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('twenty processes with a token about to end make one refresh and get one token', async () => {
  const device = await signedIn()
  const before = await refreshes()
  age(device)
  const ran = await Promise.all(Array.from({ length: 20 }, () => device.run(['token'])))
  expect(ran.map(({ code, stderr }) => `${String(code)} ${stderr}`)).toEqual(Array(20).fill('0 '))
  expect(new Set(ran.map(({ stdout }) => tokenIn(stdout))).size).toBe(1)
  expect(await refreshes()).toBe(before + 1)
  expect(readdirSync(device.home).filter((name) => name.includes('.json'))).toHaveLength(1)
})

test('a revoked session refuses the next refresh and says how to sign in again', async () => {
  const device = await signedIn()
  const { id, refreshToken } = sessionOf(device)
  const other = await signedIn()
  const list = await other.run(['sessions'])
  expect(list.stdout).toContain(id)
  expect((await other.run(['sessions', 'revoke', id])).code).toBe(0)
  age(device)
  const { code, stdout, stderr } = await device.run(['token'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(`run gatehouse login ${gateway.address}`)
  expect(stderr).not.toContain(refreshToken)
})

test('signing out ends the session, forgets its tokens and keeps the authority', async () => {
  const device = await signedIn()
  const { accessToken } = sessionOf(device)
  expect((await device.run(['logout'])).code).toBe(0)
  const state = JSON.parse(readFileSync(stateFile(device), 'utf8')) as Device
  expect(state).toEqual({ address: gateway.address, caPem: gateway.caPem })
  const old = gateway.as(accessToken).persons.me({})
  await expect(old).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('call speaks every operation, reads stdin, and names what is refused', async () => {
  const device = await signedIn()
  const person = { name: `p${String(Date.now())}`, password: 'a long enough password' }
  const made = await device.run(['call', 'persons.create', '-'], JSON.stringify(person))
  expect(JSON.parse(made.stdout)).toMatchObject({ name: person.name, admin: false })
  const again = await device.run(['call', 'persons.create', '-'], JSON.stringify(person))
  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(/^gatehouse: .+\n$/)
  const short = await device.run(['call', 'persons.create', '{"name":"x","password":"short"}'])
  expect(short.stderr).toContain('password')
})

test('a kubeconfig is written privately, keeps what was there, and holds no token', async () => {
  const device = await signedIn()
  const file = join(device.home, 'kube', 'config')
  expect((await device.run(['kubeconfig', '--write', file])).code).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const foreign = 'apiVersion: v1\nkind: Config\nusers:\n  - {name: me, user: {token: foreign}}\n'
  writeFileSync(file, foreign)
  expect((await device.run(['kubeconfig', '--write', file])).code).toBe(0)
  const text = readFileSync(file, 'utf8')
  const config = new KubeConfig()
  config.loadFromString(text)
  expect(config.getUser('me')?.token).toBe('foreign')
  expect(text).not.toContain(sessionOf(device).accessToken)
  const refused = await device.run(['kubeconfig', '--write', file, '--cluster', 'no-such'])
  expect(refused.code).toBe(1)
})

test('an export is verified offline, and a changed one is not', async () => {
  const device = await signedIn()
  const exported = await device.run(['audit', 'export'])
  expect(exported.stderr).toBe('')
  const { publicKeyPem } = await (await gateway.admin()).events.chain({})
  const key = join(device.home, 'key.pem')
  const file = join(device.home, 'events.ndjson')
  writeFileSync(key, publicKeyPem)
  writeFileSync(file, exported.stdout)
  const intact = await device.run(['audit', 'verify', file, '--key', key])
  expect({ ...intact, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(JSON.parse(intact.stdout)).toMatchObject({ status: 'intact' })
  writeFileSync(file, exported.stdout.replace('entry.signIn', 'entry.signOn'))
  const broken = await device.run(['audit', 'verify', file, '--key', key])
  expect(broken.code).toBe(1)
  expect(broken.stderr).toContain('Not intact')
})

test('an export refuses a filter that does not fit, and a reader that stops is no failure', async () => {
  const device = await signedIn()
  const wrong = await device.run(['audit', 'export', '--since', 'yesterday'])
  expect(wrong).toMatchObject({ code: 1, stdout: '' })
  expect(wrong.stderr).toContain('since')
  const script = '"$0" "$1" audit export | head -c 1'
  const program = new URL('../../../server/cli/index.ts', import.meta.url).pathname
  const args = ['-c', script, process.execPath, program]
  const { stderr } = await promisify(execFile)('sh', args, { env: device.env })
  expect(stderr).toBe('')
})
