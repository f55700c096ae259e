import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Gateway as Api } from '#gateway'
import { administrator, startGateway, type TestGateway } from '../../support/gateway.ts'
import { connectRaw, type RawClient } from '../hostile/raw-client.ts'
import { rawHead } from '../hostile/world.ts'

let gateway: TestGateway
let admin: Api

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.admin()
})
afterAll(() => gateway.stop())

const host = () => `Host: 127.0.0.1:${gateway.port}`
const status = () => rawHead('GET /api/status HTTP/1.1', host())
const post = (path: string, body: object) => {
  const text = JSON.stringify(body)
  const lines = ['Content-Type: application/json', `Content-Length: ${text.length}`]
  return rawHead(`POST /api${path} HTTP/1.1`, host(), ...lines) + text
}

/** Sends the same request many times over one connection, each after the answer to the one before. */
async function flood(bytes: string, count: number): Promise<number[]> {
  const client = await connectRaw({ port: gateway.port, caPem: gateway.caPem })
  const statuses: number[] = []
  while (statuses.length < count) {
    client.send(bytes)
    statuses.push((await client.answer()).status)
  }
  client.socket.destroy()
  return statuses
}

async function answersOf(client: RawClient, count: number): Promise<number[]> {
  const statuses: number[] = []
  while (statuses.length < count) statuses.push((await client.answer()).status)
  return statuses
}

const length = async () => (await admin.events.chain({})).length

test('a sign-in that succeeds is on record with the person and the session', async () => {
  const name = `person-${randomBytes(4).toString('hex')}`
  await admin.persons.create({ name, password: 'a long enough password' })
  const { session } = await gateway.signIn(name, 'a long enough password')
  const { events } = await vi.waitUntil(async () => {
    const found = await admin.events.list({ session: session.id, limit: 10 })
    return found.events.length > 0 && found
  }, 30_000)
  expect(session.kind).toBe('device')
  expect(events).toMatchObject([{ action: 'entry.signIn', person: name, result: 'allowed' }])
})

// design.md 5.6 and 6: what strangers do is limited per source before it is written
describe('a stranger does not fill the audit log', () => {
  test('with a question that is open to everyone', async () => {
    const before = await length()
    expect(new Set(await flood(status(), 500))).toEqual(new Set([200]))
    expect((await length()) - before).toBeLessThan(60)
  })

  test('with sign-ins and refreshes that fail', async () => {
    const before = await length()
    const wrong = { name: administrator.name, password: 'wrong', device: 'x' }
    const statuses = [
      ...(await flood(post('/sign-in', wrong), 100)),
      ...(await flood(post('/refresh', { refreshToken: 'ghr_x' }), 100)),
      ...(await flood(
        post('/set-up', { name: wrong.name, code: 'x', password: 'x'.repeat(12) }),
        100,
      )),
    ]
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    expect((await length()) - before).toBeLessThan(60)
  })
})

test('a flood of strangers does not make the audit log refuse the work of others', async () => {
  const clients = await Promise.all(
    Array.from({ length: 40 }, () => connectRaw({ port: gateway.port, caPem: gateway.caPem })),
  )
  for (const client of clients) client.send(status().repeat(250))
  await Promise.all(clients.map((it) => answersOf(it, 250)))
  for (const client of clients) client.socket.destroy()
  expect(gateway.logged.join('')).not.toContain('the audit log cannot be written')
})
