import { randomBytes } from 'node:crypto'
import { connect } from 'node:tls'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Event } from '#gateway/events.ts'
import { openDatabase } from '../../server/models/database.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { ask, bearer, cookieOf, type Answer, type Asked } from './rows/door.ts'

let gateway: TestGateway
let token: string
let adminToken: string
const ada = { name: 'ada', password: 'a password that is long enough' }

beforeAll(async () => {
  const ports = { GATEHOUSE_CONSOLE_PORT: '0', GATEHOUSE_METRICS_PORT: '0' }
  gateway = await startGateway({ environment: ports })
  const admin = await gateway.admin()
  await admin.persons.create(ada)
  await admin.persons.create({ ...ada, name: 'eve', admin: true })
  token = (await gateway.signIn('ada', ada.password)).accessToken
  adminToken = (await gateway.signIn('eve', ada.password)).accessToken
})
afterAll(() => gateway.stop())

const at = (path: string, asked: Asked = {}) => ask(gateway, path, asked)
const asAdmin = (path: string, asked: Asked = {}) =>
  at(path, { ...asked, headers: { ...bearer(adminToken), ...asked.headers } })
const idOf = ({ headers }: Answer) => String(headers['audit-id'])

/** Everything on record of an answer, oldest first, once there is as much as expected. */
async function recordsOf(answer: Answer, count = 1): Promise<readonly Event[]> {
  const admin = await gateway.admin()
  return vi.waitUntil(
    async () => {
      const { events } = await admin.events.list({ id: idOf(answer) })
      return events.length >= count && events.toReversed()
    },
    { timeout: 30_000 },
  )
}

const post = (body: Asked['body'], headers: Record<string, string> = {}): Asked => ({
  method: 'POST',
  headers: { ...bearer(adminToken), 'content-type': 'application/json', ...headers },
  ...(body !== undefined && { body }),
})

type Refused = [string, () => Promise<Answer>, number, string]

/** Checks that an answer is a refusal in the words of the contract; gives its one record. */
async function refusalOf(answer: Answer, code: string): Promise<Event | undefined> {
  expect(answer.json()['code']).toBe(code)
  expect(Object.keys(answer.json()).toSorted()).toEqual(['code', 'message'])
  const [record, ...others] = await recordsOf(answer)
  expect(others).toEqual([])
  expect(record).toMatchObject({ phase: 'event', result: 'refused', source: '127.0.0.1' })
  expect(record?.status).toBe(answer.status)
  return record
}

describe('what cannot be served is refused in the words of the contract, and is on record', () => {
  const huge = JSON.stringify({ name: 'x'.repeat(3 * 1024 * 1024) })
  const strays: Refused[] = [
    ['an unknown path', () => asAdmin('/nothing'), 404, 'not_found'],
    ['an unknown path below the API', () => asAdmin('/api/nothing'), 404, 'not_found'],
    [
      'a method that an operation does not have',
      () => at('/api/persons', { ...post({}), method: 'PUT' }),
      404,
      'not_found',
    ],
    [
      'a path that is escaped badly',
      () => asAdmin('/api/clusters/%zz', { method: 'DELETE' }),
      400,
      'invalid_input',
    ],
  ]
  const bodies: Refused[] = [
    ['a body that is too large', () => at('/api/persons', post(huge)), 413, 'too_large'],
    ['JSON that is none', () => at('/api/persons', post('{"name":')), 400, 'invalid_input'],
    ['JSON that is no object', () => at('/api/persons', post('"name"')), 400, 'invalid_input'],
    [
      'a charset that nobody reads',
      () => at('/api/persons', post('{}', { 'content-type': 'application/json; charset=x-y' })),
      400,
      'invalid_input',
    ],
    [
      'a coding that nobody unpacks',
      () => at('/api/persons', post('{}', { 'content-encoding': 'x' })),
      400,
      'invalid_input',
    ],
  ]
  test.each(strays)('%s', async (_what, send, status, code) => {
    expect(await refusalOf(await send(), code)).toMatchObject({ action: 'edge', status })
  })

  test.each(bodies)('%s', async (_what, send, status, code) => {
    const answer = await send()
    const record = await refusalOf(answer, code)
    expect(record).toMatchObject({ action: 'persons.create', status, person: 'eve' })
  })

  test('of a stranger, nothing larger than a password is read', async () => {
    const input = { name: 'eve', password: 'x'.repeat(32 * 1024), device: 'test' }
    const body = { method: 'POST', body: input } as const
    const headers = { 'content-type': 'application/json' }
    expect((await at('/api/sign-in', { ...body, headers })).status).toBe(413)
    expect((await at('/api/persons', { ...body, headers })).status).toBe(401)
  })

  test('a body that is only large once it is unpacked', async () => {
    const packed = gzipSync(huge).toString('latin1')
    const socket = connect({ host: '127.0.0.1', port: gateway.port, ca: gateway.caPem })
    const lines = [
      'POST /api/persons HTTP/1.1',
      `Host: 127.0.0.1:${gateway.port}`,
      'Content-Type: application/json',
      'Content-Encoding: gzip',
      `Authorization: Bearer ${adminToken}`,
      `Content-Length: ${packed.length}`,
      'Connection: close',
    ]
    socket.write(`${lines.join('\r\n')}\r\n\r\n${packed}`, 'latin1')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('a query is not on record, for it may hold what should not be in it', async () => {
    const secret = randomBytes(12).toString('hex')
    const [record] = await recordsOf(await asAdmin(`/nothing?password=${secret}`))
    expect(record?.path).toBe('/nothing')
    expect(JSON.stringify(record)).not.toContain(secret)
  })
})

describe('an input', () => {
  test('that lacks a field is a bad request that names it, and nothing is written', async () => {
    const before = await (await gateway.admin()).persons.list({})
    const answer = await at('/api/persons', post({ name: 'new', admin: true }))
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^password: /) as string,
      fields: { password: expect.any(String) as string },
    })
    expect(await (await gateway.admin()).persons.list({})).toEqual(before)
  })

  test('with several wrong fields names them all', async () => {
    const body = { name: 'Not A Name', password: 'short', admin: 'yes' }
    const { fields } = (await at('/api/persons', post(body))).json()
    expect(Object.keys(fields as object).toSorted()).toEqual(['admin', 'name', 'password'])
  })

  test.each([
    ['a form', 'application/x-www-form-urlencoded', 'name=new&password=a+long+password'],
    ['text', 'text/plain', JSON.stringify({ name: 'new', password: 'a long password' })],
  ])('that is %s is not read: only JSON is', async (_what, type, body) => {
    const answer = await at('/api/persons', post(body, { 'content-type': type }))
    expect([answer.status, Object.keys(answer.json()['fields'] as object)]).toEqual([
      400,
      ['name', 'password'],
    ])
  })

  test('cannot name what the path names, nor who asks', async () => {
    const admin = await gateway.admin()
    const [ada, zoe] = [
      (await admin.persons.list({})).find((it) => it.name === 'ada'),
      await admin.persons.create({ name: 'zoe', password: 'a password of zoe' }),
    ]
    const body = { id: ada?.id, disabled: true }
    const answer = await at(`/api/persons/${zoe.id}`, { ...post(body), method: 'PATCH' })
    expect(answer.json()).toMatchObject({ id: zoe.id, disabled: true })
    expect((await admin.persons.list({})).find((it) => it.name === 'ada')).toEqual(ada)
  })

  test('with a field that nobody knows is refused, for it may be a misspelt limit', async () => {
    const answer = await at('/api/persons', post({ ...ada, name: 'new', disable: true }))
    expect(answer.status).toBe(400)
    expect(answer.json()['message']).toContain('there is no field disable')
    expect((await at('/api/events/export?persn=ada', { headers: bearer(adminToken) })).status).toBe(
      400,
    )
  })
})

describe('the audit of operations', () => {
  test('a change is announced and then its outcome told, under the id of the answer', async () => {
    const answer = await at('/api/persons', post({ ...ada, name: 'bob' }))
    expect(answer.status).toBe(200)
    const records = await recordsOf(answer, 2)
    expect(records.map((it) => [it.phase, it.action, it.result, it.status, it.person])).toEqual([
      ['intent', 'persons.create', 'allowed', undefined, 'eve'],
      ['outcome', 'persons.create', 'allowed', 200, 'eve'],
    ])
    expect(new Set(records.map((it) => it.id))).toEqual(new Set([idOf(answer)]))
    expect(records.every((it) => it.session !== undefined && it.source === '127.0.0.1')).toBe(true)
  })

  test('a change that fails is told with its reason, and one without an answer body is 204', async () => {
    const failed = await at('/api/persons', post({ ...ada, name: 'bob' }))
    expect([failed.status, failed.json()['code']]).toEqual([409, 'conflict'])
    expect(await recordsOf(failed, 2)).toMatchObject([
      { phase: 'intent' },
      { phase: 'outcome', result: 'refused', status: 409, reason: failed.json()['message'] },
    ])
    const bob = (await (await gateway.admin()).persons.list({})).find((it) => it.name === 'bob')
    const removed = await asAdmin(`/api/persons/${bob?.id ?? ''}`, { method: 'DELETE' })
    expect([removed.status, removed.text]).toEqual([204, ''])
    expect(await recordsOf(removed, 2)).toMatchObject([
      { phase: 'intent' },
      { phase: 'outcome', status: 204 },
    ])
  })

  test('a read is one record', async () => {
    const answer = await at('/api/me', { headers: bearer(token) })
    expect(await recordsOf(answer)).toMatchObject([
      { phase: 'event', action: 'persons.me', result: 'allowed', status: 200, person: 'ada' },
    ])
  })

  test('what a person may not do is one record with their name, and was never announced', async () => {
    const answer = await at('/api/persons', { ...post(ada), headers: bearer(token) })
    expect([answer.status, answer.json()['code']]).toEqual([403, 'forbidden'])
    const records = await recordsOf(answer)
    expect(records.map((it) => [it.phase, it.action, it.result, it.status, it.person])).toEqual([
      ['event', 'persons.create', 'refused', 403, 'ada'],
    ])
  })

  test('a failed sign-in is on record with its source; neither record nor log holds what was typed', async () => {
    const typed = randomBytes(12).toString('hex')
    const body = { name: 'ada', password: typed, device: 'laptop' }
    const answer = await at('/api/sign-in', { method: 'POST', body })
    expect(answer.status).toBe(401)
    const records = await recordsOf(answer)
    expect(records.at(-1)).toMatchObject({ action: 'entry.signIn', result: 'refused', status: 401 })
    expect(JSON.stringify(records)).not.toContain(typed)
    const secrets = [typed, ada.password, token, adminToken]
    expect(secrets.filter((it) => gateway.logged.join('').includes(it))).toEqual([])
  })

  test('every answer has an id of its own, and none that a client chose', async () => {
    const headers = { ...bearer(token), 'audit-id': 'chosen' }
    const answers = await Promise.all([1, 2, 3].map(() => at('/api/me', { headers })))
    const ids = new Set(answers.map(idOf))
    expect(ids.size).toBe(3)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a cookie', () => {
  let cookie: string
  beforeAll(async () => {
    const body = { name: 'eve', password: ada.password }
    cookie = cookieOf(await at('/api/console/sign-in', { method: 'POST', body })).pair
  })
  const change = (headers: Record<string, string>) =>
    at('/api/me/password', { method: 'POST', body: {}, headers: { cookie, ...headers } })

  test.each([
    ['no origin', {}, 403],
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['the origin null', { origin: 'null' }, 403],
    ['a page of the same site', { 'sec-fetch-site': 'same-site' }, 403],
    ['nobody’s page', { 'sec-fetch-site': 'none' }, 403],
    // Accepted, and then found to lack its fields.
    ['a page of our own, that browsers vouch for', { 'sec-fetch-site': 'same-origin' }, 400],
  ])('with %s changes only what it may', async (_what, headers, status) => {
    const answer = await change(headers as Record<string, string>)
    expect(answer.status).toBe(status)
    expect((await recordsOf(answer)).at(-1)).toMatchObject({ result: 'refused', status })
  })

  test('of our own origin changes things, and reads need no origin', async () => {
    expect((await change({ origin: gateway.address })).status).toBe(400)
    expect((await at('/api/me', { headers: { cookie } })).json()).toMatchObject({ name: 'eve' })
  })

  test('is not the other listener’s', async () => {
    const renamed = cookie.replace('__Host-gatehouse', 'gatehouse-local')
    expect((await at('/api/me', { headers: { cookie: renamed } })).status).toBe(401)
  })
})

describe('every answer', () => {
  test.each([
    ['/', 200],
    ['/api/', 200],
    ['/api/status', 200],
    ['/api/me', 401],
    ['/nothing', 404],
  ])('of %s tells a browser to run, keep and frame nothing', async (path, status) => {
    const { headers, status: answered } = await at(path)
    expect(answered).toBe(status)
    expect(headers['content-security-policy']).toMatch(/default-src 'none'/)
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': expect.stringMatching(/max-age=\d{7,}/) as string,
    })
    expect([headers['x-powered-by'], headers['server'], headers['etag']]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('under a foreign name is a refusal that is on record', async () => {
    const answer = await at('/api/status', { headers: { host: 'evil.example' } })
    expect([answer.status, answer.json()['code']]).toEqual([403, 'forbidden'])
    expect(await recordsOf(answer)).toMatchObject([
      { action: 'edge', result: 'refused', status: 403, path: '/api/status' },
    ])
  })
})

describe('the loopback listener', () => {
  const local = (path: string, asked: Asked = {}) => {
    const address = `http://127.0.0.1:${gateway.gateway.consolePort ?? 0}`
    return ask({ address, caPem: '' }, path, asked)
  }

  test('serves the API with a cookie of its own name, which the TLS listener does not take', async () => {
    const body = { name: 'eve', password: ada.password }
    const { pair, name, attributes } = cookieOf(
      await local('/api/console/sign-in', { method: 'POST', body }),
    )
    expect(name).toBe('gatehouse-local')
    expect(attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=strict']))
    expect(attributes).not.toContain('secure')
    const answers = [
      await local('/api/me', { headers: { cookie: pair } }),
      await at('/api/me', { headers: { cookie: pair } }),
    ]
    expect(answers.map((it) => it.status)).toEqual([200, 401])
    expect(answers[0]?.headers['strict-transport-security']).toBeUndefined()
  })

  test('has no way to a cluster and answers under its own names only', async () => {
    const port = gateway.gateway.consolePort ?? 0
    const answers = [
      await local('/k8s/c1/api/v1/pods', { headers: bearer(token) }),
      await local('/api/status', { headers: { host: 'evil.example' } }),
      await local('/api/status', { headers: { host: `127.0.0.1:${port + 1}` } }),
      await local('/api/status', { headers: { origin: gateway.address } }),
      await local('/api/status', { headers: { host: `localhost:${port}` } }),
    ]
    expect(answers.map((it) => it.status)).toEqual([404, 403, 403, 403, 200])
  })
})

test('the listener for probes says that the gateway lives and is ready, and nothing about people', async () => {
  const address = `http://127.0.0.1:${gateway.gateway.metricsPort ?? 0}`
  const probe = (path: string, method = 'GET') => ask({ address, caPem: '' }, path, { method })
  const [live, ready, metrics] = [
    await probe('/livez'),
    await probe('/readyz'),
    await probe('/metrics'),
  ]
  expect([live.status, ready.status, metrics.status]).toEqual([200, 200, 200])
  expect(metrics.text).toContain('gatehouse_audit_healthy 1')
  expect(metrics.text).not.toMatch(/\bada\b|\beve\b|eyJ/)
  const others = [await probe('/api/status'), await probe('/metrics', 'POST'), await probe('/')]
  expect(others.map((it) => it.status)).toEqual([404, 404, 404])
})

test('a failure that has no name is answered in silence, logged whole and on record as failed', async () => {
  const own = await startGateway()
  try {
    const admin = await own.admin()
    const db = await openDatabase(`sqlite:${join(own.folder, 'gatehouse.sqlite')}`)
    await db.sequelize.query('ALTER TABLE grants RENAME COLUMN scope TO elsewhere')
    await db.close()
    const { accessToken } = await own.signIn('root', 'correct horse battery staple')
    const answer = await ask(own, '/api/grants', { headers: bearer(accessToken) })
    expect([answer.status, answer.json()]).toEqual([
      500,
      { code: 'internal', message: 'Something went wrong' },
    ])
    const line = own.logged.find((it) => it.includes(idOf(answer)))
    expect(line).toMatch(/no such column/)
    const { events } = await admin.events.list({ id: idOf(answer) })
    expect(events).toMatchObject([
      { phase: 'event', action: 'grants.list', result: 'failed', status: 500 },
    ])
  } finally {
    await own.stop()
  }
})
