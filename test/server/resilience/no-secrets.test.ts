import { createPrivateKey } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Gateway as Api } from '#gateway'
import { createLog } from '../../../server/log.ts'
import { openDatabase } from '../../../server/models/database.ts'
import { createKeySource } from '../../../server/models/key-source.ts'
import { openSealing } from '../../../server/models/sealing.ts'
import { keeperPlace } from '../../../server/proxy/upstream/index.ts'
import { connectCluster } from '../../support/cluster/client.ts'
import { newDevice } from '../../support/command-line.ts'
import { openDetour, type Detour } from '../../support/detour.ts'
import { startGatewayProcess, type GatewayProcess } from '../../support/gateway-process.ts'
import { administrator } from '../../support/gateway.ts'
import { rawRequest } from '../../support/raw-request.ts'
import { formsOf } from '../../support/secret-forms.ts'
import { adminKubeconfig } from '../../support/world.ts'

const cluster = connectCluster(inject('cluster'))
const person = { name: 'grace', password: 'grace-would-never-tell-anyone-this' }
const noGood = 'ZZnot-a-token-of-any-account-but-long-enough'
const wrongPassword = 'nobody-has-this-as-a-password'

let gateway: GatewayProcess
let detour: Detour
/** Everything that must be nowhere, with what it is. */
const secrets = new Map<string, string>()
const keep = (what: string, secret: string) => void secrets.set(secret, what)

beforeAll(async () => {
  detour = await openDetour(cluster.handle)
  gateway = await startGatewayProcess({
    allow: [detour.host],
    environment: { GATEHOUSE_LOG_LEVEL: 'debug' },
  })
})
afterAll(async () => {
  await gateway.remove()
  await detour.stop()
})

/** Registers, signs in, works, errs: all that could make a gateway write something down. */
async function busySession(): Promise<void> {
  keep('a password', administrator.password)
  keep('a password', person.password)
  keep('a wrong password', wrongPassword)
  const admin = await gateway.admin()
  const handle = { ...cluster.handle, address: detour.address, caPem: detour.caPem }
  const kubeconfig = adminKubeconfig({ ...cluster, handle })
  keep('the token of a kubeconfig', cluster.handle.adminToken)
  await admin.clusters.importContext({ kubeconfig, context: 'admin', id: 'prod', name: 'Prod' })
  const { name: namespace } = await cluster.namespace('secrets')
  const role = { clusterRole: 'view' }
  const token = await cluster.serviceAccountToken(namespace, 'pasted', { role })
  const next = await cluster.serviceAccountToken(namespace, 'replaced', { role })
  keep('a pasted token', token)
  keep('a token that replaced it', next)
  const pasted = await admin.profiles.createStatic({ clusterId: 'prod', name: 'pasted', token })
  keep('a pasted token that is no good', noGood)
  await admin.profiles.createStatic({ clusterId: 'prod', name: 'no-good', token: noGood })
  const { id: personId } = await admin.persons.create(person)
  for (const { id: profileId } of await admin.profiles.list({ clusterId: 'prod' }))
    await admin.grants.create({ personId, profileId, preset: 'admin' })

  const signedIn = await gateway.as().entry.signIn({ ...person, device: 'test' })
  keep('an access token', signedIn.accessToken)
  keep('a refresh token', signedIn.refreshToken)
  await callCluster(signedIn.accessToken, namespace)
  await admin.profiles.replaceToken({ id: pasted.id, token: next })
  await callCluster(signedIn.accessToken, namespace)
  await workOnDevice(namespace)
  await errors(admin, signedIn.refreshToken)
  await callCluster(signedIn.accessToken, namespace)
}

async function callCluster(token: string, namespace: string): Promise<void> {
  const opener = { ...gateway, token }
  for (const profile of ['pasted', 'no-good', 'viewer', 'admin']) {
    const base = `/k8s/prod@${profile}/api/v1/namespaces/${namespace}`
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ metadata: { name: `made-by-${profile}` }, data: { a: token } })
    await rawRequest(opener, `${base}/pods`)
    await rawRequest(opener, `${base}/secrets?token=${token}`)
    await rawRequest(opener, `${base}/configmaps`, { method: 'POST', headers, body })
    await rawRequest(opener, `${base}/configmaps/${token}`)
  }
}

/** The command line and kubectl with its plugin, as a person has them. */
async function workOnDevice(namespace: string): Promise<void> {
  const device = newDevice()
  mkdirSync(device.home, { mode: 0o700 })
  const ca = join(device.home, 'ca.pem')
  writeFileSync(ca, gateway.caPem)
  const kubeconfig = join(device.home, 'config')
  const login = ['login', gateway.address, '--name', person.name, '--password-stdin', '--ca', ca]
  expect((await device.run(login, person.password)).code).toBe(0)
  expect((await device.run(['kubeconfig', '--write', kubeconfig])).code).toBe(0)
  const context = ['--context', 'gatehouse-prod@viewer', '-n', namespace]
  const listed = await cluster.kubectl([...context, 'get', 'serviceaccounts'], { kubeconfig })
  expect(listed.code).toBe(0)
}

/** Each of them is asked with something that must not be repeated in an error, a log or an event. */
async function errors(admin: Api, refreshToken: string): Promise<void> {
  const strange = 'eyJhbGciOiJub25lIn0.c3RyYW5nZS1hbmQtd3Jvbmc.bm90LWEtc2lnbmF0dXJlLWF0LWFsbA'
  keep('a token nobody issued', strange)
  const refused = (asked: Promise<unknown>) => expect(asked).rejects.toThrow()
  const entry = gateway.as().entry
  await refused(entry.signIn({ name: person.name, password: wrongPassword, device: 'test' }))
  await refused(gateway.as(strange).persons.me({}))
  await rawRequest({ ...gateway, token: strange }, '/k8s/prod/api/v1/pods')
  await refused(admin.profiles.createStatic({ clusterId: 'prod', name: 'pasted', token: strange }))
  await refused(admin.clusters.inspectKubeconfig({ kubeconfig: `users: [${strange}` }))
  const { address, caPem } = detour
  await admin.clusters.test({ address, caPem, token: strange })
  const first = await entry.refresh({ refreshToken })
  keep('a second access token', first.accessToken)
  keep('a second refresh token', first.refreshToken)
  const second = await entry.refresh({ refreshToken: first.refreshToken })
  keep('a third access token', second.accessToken)
  keep('a third refresh token', second.refreshToken)
  await detour.show('a strange certificate')
  await rawRequest({ ...gateway, token: second.accessToken }, '/k8s/prod@viewer/api/v1/pods')
  await detour.show('the cluster')
}

/** What the gateway alone knows: read with its own keys, the way it would. */
async function keepSealed(): Promise<void> {
  const file = join(gateway.folder, 'sealing-keys.json')
  const { keys } = JSON.parse(await readFile(file, 'utf8')) as { keys: Record<string, string> }
  for (const key of Object.values(keys))
    keep('a sealing key', Buffer.from(key, 'base64').toString('latin1'))
  for (const name of ['session-key.pem', 'audit-key.pem']) {
    const pem = await readFile(join(gateway.folder, name), 'utf8')
    const { d = '' } = createPrivateKey(pem).export({ format: 'jwk' })
    keep(`the key in ${name}`, Buffer.from(d, 'base64url').toString('latin1'))
  }
  const db = await openDatabase(`sqlite:${join(gateway.folder, 'gatehouse.sqlite')}`)
  const sealing = await openSealing(db, createKeySource({ status: 'file', path: file }))
  for (const { id, refreshSecret } of await db.sessions.findAll())
    keep(
      'the secret of a session',
      sealing.open(refreshSecret, { table: 'sessions', column: 'refreshSecret', row: id }),
    )
  for (const { id, keeper } of await db.clusters.findAll())
    keep('the token of a keeper', sealing.open(keeper ?? '', keeperPlace(id)))
  await db.close()
}

/** Everywhere a secret could have been left: places by name. */
async function places(): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for (const name of await readdir(gateway.folder))
    if (name.startsWith('gatehouse.sqlite'))
      found.set(name, await readFile(join(gateway.folder, name)))
  found.set('what it logged', Buffer.from(gateway.said.text))
  return found
}

interface Process {
  readonly pid: number
  readonly parent: number
  readonly commandLine: Buffer
}

async function processes(): Promise<readonly Process[]> {
  const pids = (await readdir('/proc')).filter((it) => /^\d+$/.test(it))
  const read = async (pid: string): Promise<Process[]> => {
    try {
      const [commandLine, stat] = await Promise.all([
        readFile(`/proc/${pid}/cmdline`),
        readFile(`/proc/${pid}/stat`, 'utf8'),
      ])
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      return [{ pid: Number(pid), parent, commandLine }]
    } catch {
      // It ended while it was looked at.
      return []
    }
  }
  return (await Promise.all(pids.map(read))).flat()
}

/** Which secrets are in there, in any of the forms they could take. */
function secretsIn(bytes: Buffer): string[] {
  return [...secrets].flatMap(([secret, what]) =>
    formsOf(secret).some((form) => bytes.includes(form)) ? [what] : [],
  )
}

// S1-T28
test('after a busy day at debug level no credential is in the database, the logs or any process', async () => {
  let children = 0
  const seen: Process[] = []
  let busy = true
  const watching = (async () => {
    while (busy) {
      const all = await processes()
      children += all.filter(({ parent }) => parent === gateway.pid).length
      seen.push(...all)
      await pause(100)
    }
  })()
  await busySession().finally(() => {
    busy = false
  })
  await watching
  for (const authorization of detour.seen)
    if (authorization) keep('what was sent to the cluster', authorization.replace(/^Bearer /, ''))
  for (const token of detour.handedOut) keep('a token that the cluster minted', token)
  const whileRunning = await places()
  const environment = await readFile(`/proc/${gateway.pid}/environ`)
  await keepSealed()
  expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null })

  // What is looked for was really used, and what is looked through is really there.
  const kinds = new Set(secrets.values())
  for (const kind of ['a token that the cluster minted', 'the token of a keeper', 'a sealing key'])
    expect(kinds).toContain(kind)
  expect([...whileRunning.keys()].sort()).toContain('gatehouse.sqlite-wal')
  expect(Buffer.concat([...whileRunning.values()]).includes(person.name)).toBe(true)
  expect(gateway.said.text).toContain('"msg":"draining"')

  for (const [place, bytes] of [...whileRunning, ...(await places())])
    expect({ place, found: secretsIn(bytes) }).toEqual({ place, found: [] })
  expect(secretsIn(environment)).toEqual([])
  // It runs nothing, so there is nobody to whom it could have handed a secret.
  expect(children).toBe(0)
  expect(secretsIn(Buffer.concat(seen.map(({ commandLine }) => commandLine)))).toEqual([])
}, 90_000)

test('a log line that carries a credential by mistake does not show it', () => {
  const lines: string[] = []
  const log = createLog('debug', { write: (line) => void lines.push(line) })
  const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJub2JvZHkifQ.c29tZS1zaWduYXR1cmUtb2YtaXQ'
  const cause = new Error(`sent "Authorization: Bearer ${token}"`)
  log.debug({ err: new Error(`the call with ${token} failed`, { cause }) }, 'failed')
  log.debug({ token, a: { password: token, b: { credential: token } } }, 'objects')
  expect(lines).toHaveLength(2)
  expect(lines.join('')).toContain('[redacted]')
  for (const form of formsOf(token)) expect(Buffer.from(lines.join('')).includes(form)).toBe(false)
})

test('the search finds a secret in each form it could take', () => {
  const secret = 'eyJh.a-payload-that-is-long-enough.and-a-signature-of-some-length'
  const inside = (text: string | Buffer) =>
    formsOf(secret).some((form) => Buffer.from(text as string).includes(form))
  expect(inside(`{"a":"${secret}"}`)).toBe(true)
  for (const before of ['', 'x', 'xy'])
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      expect(inside(Buffer.from(`${before}${secret} after`).toString(encoding))).toBe(true)
  expect(inside('a log line with [redacted].and-a-signature-of-some-length')).toBe(true)
  expect(inside('nothing of the kind')).toBe(false)
})
