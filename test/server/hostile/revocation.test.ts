import { createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { respondRaw } from '../../support/recorder.ts'
import type { RawClient } from './raw-client.ts'
import {
  agreed,
  execPath,
  good,
  openHostileWorld,
  pods,
  rawHead,
  type HostileWorld,
  type Person,
} from './world.ts'

let world: HostileWorld
let person: Person

/** Set by a test that takes the cluster or its profile away for good. */
let spent = false

beforeAll(async () => {
  world = await openHostileWorld()
})
afterAll(() => world.stop())
beforeEach(async () => {
  if (spent) {
    await world.stop()
    world = await openHostileWorld()
    spent = false
  }
  person = await world.person()
})

const portForward = '/k8s/c1/api/v1/namespaces/a/pods/p/portforward'
const chunked = rawHead(
  'HTTP/1.1 200 OK',
  'Content-Type: application/json',
  'Transfer-Encoding: chunked',
)

const streams = (someone: Person): [string, string][] => [
  ['watch', someone.get(`${pods}?watch=1`)],
  ['log', someone.get(`${pods}/p/log?follow=true`)],
  ['exec', someone.upgrade(execPath)],
  ['attach', someone.upgrade(`${pods}/p/attach`)],
  ['port-forward', someone.upgrade(portForward)],
  ['proxy', someone.upgrade('/k8s/c1/api/v1/namespaces/a/services/s/proxy/ws')],
]

interface Open {
  readonly kind: string
  readonly client: RawClient
}

/** One stream of each kind, each with its first byte. */
async function openAll(someone: Person): Promise<Open[]> {
  world.respond((request, socket) => {
    const isUpgrade = request.header('upgrade') !== undefined
    socket.write(isUpgrade ? `${rawHead(...agreed)}first` : `${chunked}5\r\nfirst\r\n`)
  })
  world.seen()
  const opened: Open[] = []
  for (const [kind, bytes] of streams(someone)) {
    const client = await world.connect()
    client.send(bytes)
    await client.until('first')
    opened.push({ kind, client })
  }
  return opened
}

/** Expects all of them gone on both sides within a second of now, with no byte behind the last one. */
async function expectGone(opened: readonly Open[]): Promise<void> {
  const began = performance.now()
  const upstream = world.seen()
  const texts = opened.map(({ client }) => client.text())
  await Promise.all([
    ...opened.map(({ client }) => client.closed),
    ...upstream.map((it) => it.connection.closed),
  ])
  expect(performance.now() - began).toBeLessThan(1000)
  expect(upstream).toHaveLength(6)
  // A watch that is cut must not look like one that has ended.
  expect(opened.map(({ client }) => client.text())).toEqual(texts)
}

// 7.24; GHSA-c45c-39f6-6gw9, GHSA-9ghh-mmcq-8phc
const ends: [string, () => Promise<unknown>, number][] = [
  ['its session is revoked', () => world.api.sessions.revoke({ id: person.sessionId }), 401],
  ['its grant is taken back', () => world.api.grants.remove({ id: person.grantId }), 403],
  ['its profile is removed', () => world.api.profiles.remove({ id: world.profileId }), 403],
  ['its cluster is removed', () => world.api.clusters.remove({ id: 'c1' }), 403],
  [
    'its person is disabled',
    () => world.api.persons.update({ id: person.id, disabled: true }),
    401,
  ],
  ['its person is removed', () => world.api.persons.remove({ id: person.id }), 401],
  ['its person signs out', () => world.gateway.as(person.token).sessions.signOut({}), 401],
  [
    'its person gets a new password',
    () => world.api.persons.update({ id: person.id, password: 'a whole new password' }),
    401,
  ],
]
test.each(ends)('a stream of every kind ends on both sides when %s', async (what, end, status) => {
  const opened = await openAll(person)
  spent = /profile|cluster/.test(what)
  await end()
  await expectGone(opened)
  world.respond(good)
  world.seen()
  expect((await world.ask(person.get(pods))).status).toBe(status)
  expect((await world.askAndClose(person.upgrade(execPath))).status).toBe(status)
  expect(world.seen()).toEqual([])
})

// 7.23, 7.24
test('a stream of every kind ends when its credential becomes another identity’s', async () => {
  const opened = await openAll(person)
  spent = true
  await world.api.profiles.replaceToken({ id: world.profileId, token: 'another-opaque-token' })
  await expectGone(opened)
  world.respond(good)
  expect((await world.ask(person.get(pods))).status).toBe(200)
  expect(world.seen().map((it) => it.header('authorization'))).toEqual([
    'Bearer another-opaque-token',
  ])
})

// 7.24
test('the streams of others go on', async () => {
  const neighbour = await world.person()
  const own = await openAll(person)
  const others = await openAll(neighbour)
  await world.api.sessions.revoke({ id: person.sessionId })
  await Promise.all(own.map(({ client }) => client.closed))
  for (const { connection } of world.seen()) connection.socket.write(' more')
  await Promise.all(
    others
      .filter(({ client }) => client.text().includes('101'))
      .map(({ client }) => client.until('more')),
  )
  for (const { client } of others) client.reset()
})

describe('what is revoked while it is being opened', () => {
  // 7.24: between the 101 and the first byte
  test('is gone though no byte has come yet', async () => {
    world.respond(respondRaw(rawHead(...agreed)))
    world.seen()
    const client = await world.connect()
    client.send(person.upgrade(execPath))
    await client.until('101')
    const request = await world.arrival()
    await world.api.grants.remove({ id: person.grantId })
    request.connection.socket.write('too late')
    await Promise.all([client.closed, request.connection.closed])
    expect(client.text()).not.toContain('too late')
  })

  test('never becomes a stream when the cluster agrees afterwards', async () => {
    const asked = Promise.withResolvers<void>()
    world.respond(() => asked.resolve())
    world.seen()
    const client = await world.connect()
    client.send(person.upgrade(execPath))
    await asked.promise
    const request = await world.arrival()
    await world.api.sessions.revoke({ id: person.sessionId })
    request.connection.socket.write(`${rawHead(...agreed)}too late`)
    await Promise.all([client.closed, request.connection.closed])
    expect(client.text()).not.toContain('101 Switching')
  })
})

// 7.24; GHSA-rp4v-hhm6-rcv9
test('a stream ends at the end of its grant, without anybody asking', async () => {
  const { profileId } = world
  const end = Date.now() + 4000
  const expiresAt = new Date(end).toISOString()
  await world.api.grants.create({ personId: person.id, profileId, preset: 'admin', expiresAt })
  await world.api.grants.remove({ id: person.grantId })
  const opened = await openAll(person)
  expect(Date.now()).toBeLessThan(end)
  await Promise.all(opened.map(({ client }) => client.closed))
  expect(Date.now()).toBeGreaterThanOrEqual(end - 20)
  expect(Date.now()).toBeLessThan(end + 1000)
  expect((await world.ask(person.get(pods))).status).toBe(403)
})

// 7.24, GHSA-rp4v-hhm6-rcv9: a token's end is asked at each request, a stream's deadline is another one
test('a token that expires in the middle of a stream opens no other one, and cuts none', async () => {
  const key = createPrivateKey(await readFile(join(world.gateway.folder, 'session-key.pem')))
  const { kid = '' } = decodeProtectedHeader(person.token)
  const exp = Math.floor(Date.now() / 1000) + 2
  const token = await new SignJWT({ ...decodeJwt(person.token), exp })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
    .sign(key)
  const short = (bytes: string) => bytes.replace(person.token, token)
  world.respond(respondRaw(`${rawHead(...agreed)}first`))
  world.seen()
  const client = await world.connect()
  client.send(short(person.upgrade(execPath)))
  await client.until('first')
  const request = await world.arrival()
  await vi.waitUntil(async () => (await world.ask(short(person.get('/k8s/c1/x')))).status === 401, {
    timeout: 30_000,
  })
  expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000)
  expect((await world.askAndClose(short(person.upgrade(execPath)))).status).toBe(401)
  request.connection.socket.write('goes on')
  await client.until('goes on')
  client.reset()
})

// 7.16, 7.24
test('a watch whose client never reads ends too', async () => {
  world.respond((_request, socket) => {
    socket.write(`${chunked}5\r\nfirst\r\n`)
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    }
    socket.on('drain', more)
    more()
  })
  world.seen()
  const client = await world.connect()
  client.send(person.get(`${pods}?watch=1`))
  await client.until('first')
  client.socket.pause()
  const request = await world.arrival()
  await world.api.sessions.revoke({ id: person.sessionId })
  const began = performance.now()
  await request.connection.closed
  expect(performance.now() - began).toBeLessThan(1000)
  client.socket.resume()
  await client.closed
  expect(client.text().endsWith('0\r\n\r\n')).toBe(false)
})

test('how a stream ended is on record with the reason', async () => {
  world.respond(respondRaw(`${rawHead(...agreed)}first`))
  const client = await world.connect()
  client.send(person.upgrade(execPath))
  const answer = await client.answer()
  await world.api.grants.remove({ id: person.grantId })
  await client.closed
  const records = await world.records(answer.header('audit-id'))
  expect(records.map((it) => [it.phase, it.result])).toEqual([
    ['intent', 'allowed'],
    ['outcome', 'allowed'],
  ])
  expect(records.at(-1)).toMatchObject({ status: 101, reason: 'grant ended', subresource: 'exec' })
})
