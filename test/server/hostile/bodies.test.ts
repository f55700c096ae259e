import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import {
  expectRefused,
  expectServing,
  openHostileWorld,
  pods,
  rawHead,
  type HostileWorld,
  type Person,
} from './world.ts'

let world: HostileWorld
let person: Person

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person()
})
afterAll(() => world.stop())
beforeEach(() => {
  world.seen()
})

const json = 'Content-Type: application/json'
const secrets = () => person.get('/k8s/c1/api/v1/secrets')
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const lastChunk = '0\r\n\r\n'

// 7.14; CVE-2026-29057, GHSA-ggv3-7p47-pfv8
describe('a second request inside of a body stays a body', () => {
  test.each(['DELETE', 'POST', 'PATCH', 'PUT'])('in a chunked %s', async (method) => {
    const hidden = 'GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n'
    const line = `${method} ${pods}/p`
    const bytes = person.head(line, json, 'Transfer-Encoding: chunked') + chunk(hidden) + lastChunk
    expect((await world.ask(bytes)).status).toBe(200)
    const [request, ...others] = world.seen()
    expect(others).toEqual([])
    expect([request?.method, request?.header('content-length'), request?.body]).toEqual([
      method,
      String(hidden.length),
      hidden,
    ])
    expect(request?.header('transfer-encoding')).toBeUndefined()
  })

  test('in a method that the cluster does not have', async () => {
    for (const method of ['OPTIONS', 'TRACE', 'PROPFIND']) {
      const head = person.head(`${method} ${pods}`, 'Transfer-Encoding: chunked')
      await expectRefused(world, await world.ask(head + chunk(secrets()) + lastChunk), 403)
    }
    expect(world.seen()).toEqual([])
  })

  test('in a chunked body for a program behind a proxy', async () => {
    const path = '/k8s/c1/api/v1/namespaces/a/services/s/proxy/x'
    const head = person.head(`DELETE ${path}`, 'Transfer-Encoding: chunked')
    expect((await world.ask(head + chunk(secrets()) + lastChunk)).status).toBe(200)
    const [request, ...others] = world.seen()
    expect(others).toEqual([])
    expect(request?.method).toBe('DELETE')
    expect(request?.body).toContain('GET /k8s/c1/api/v1/secrets')
  })
})

// 7.14
describe('a body of doubtful length is refused', () => {
  test.each([
    ['both framings', 'POST', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['two lengths', 'POST', ['Content-Length: 5', 'Content-Length: 6']],
    ['two equal lengths', 'POST', ['Content-Length: 5', 'Content-Length: 5']],
    ['a list of lengths', 'POST', ['Content-Length: 5, 5']],
    ['a signed length', 'POST', ['Content-Length: +5']],
    ['a hexadecimal length', 'POST', ['Content-Length: 0x5']],
    ['an unknown coding', 'POST', ['Transfer-Encoding: xchunked']],
    ['two codings', 'POST', ['Transfer-Encoding: chunked, identity']],
    ['a folded line', 'POST', ['Transfer-Encoding:\r\n chunked']],
    ['a space before the colon', 'POST', ['Transfer-Encoding : chunked']],
    ['a bare line feed', 'POST', ['X: y\nTransfer-Encoding: chunked']],
  ])('%s', async (_what, method, lines) => {
    const answer = await world.askAndClose(person.head(`${method} ${pods}`, ...lines) + 'hello')
    expect(answer.status).toBe(400)
    expect(world.seen()).toEqual([])
  })

  test.each(['GET', 'HEAD'])('a %s with a body', async (method) => {
    const asked = person.head(`${method} ${pods}`, 'Content-Length: 5')
    const client = await world.connect()
    client.send(`${asked}hello`)
    await client.until('HTTP/1.1 400')
    client.socket.destroy()
    expect(world.seen()).toEqual([])
  })
})

// 7.14, 7.17
test('a body that stalls is not begun upstream, and one that breaks off never arrives', async () => {
  const client = await world.connect()
  client.send(`${person.head(`POST ${pods}`, json, 'Content-Length: 5')}abc`)
  await expectServing(world, person)
  client.socket.end()
  expect((await client.answer()).status).toBe(400)
  await client.closed
  expect(world.seen()).toEqual([])
})

// 7.14
test('what comes behind a body is a request of its own, with a decision of its own', async () => {
  const client = await world.connect()
  const bytes = `${person.head(`POST ${pods}`, json, 'Content-Length: 2')}{}`
  client.send(
    `${bytes}GET /api/v1/secrets HTTP/1.1\r\nHost: 127.0.0.1:${world.gateway.port}\r\n\r\n`,
  )
  expect((await client.answer()).status).toBe(200)
  expect((await client.answer()).status).toBe(404)
  client.socket.destroy()
  expect(world.seen().map((it) => [it.method, it.body])).toEqual([['POST', '{}']])
})

test('what comes behind a body and is no request ends the connection', async () => {
  const client = await world.connect()
  client.send(`${person.head(`POST ${pods}`, json, 'Content-Length: 2')}{}xxxxx\r\n\r\n`)
  await client.closed
  const all = world.seen()
  expect(all.length).toBeLessThanOrEqual(1)
  for (const request of all) expect(request.body).toBe('{}')
})

// 7.15, undici pool slot leak
describe('what undici would refuse to send never reaches it', () => {
  test('three hundred such requests leave the cluster open to the next one', async () => {
    const oddities = [
      'Expect: 100-continue',
      'Expect: x',
      'TE: gzip',
      'Keep-Alive: 1',
      'Trailer: x',
    ]
    const client = await world.connect()
    for (let at = 0; at < 300; at += 1) {
      client.send(person.get(pods, oddities[at % oddities.length] ?? ''))
      await client.answer()
    }
    client.socket.destroy()
    for (const request of world.seen()) {
      const names = request.headers.map(([name]) => name.toLowerCase())
      expect(names).not.toEqual(expect.arrayContaining(['expect']))
      expect(names).not.toEqual(expect.arrayContaining(['te']))
      expect(names).not.toEqual(expect.arrayContaining(['keep-alive']))
    }
    // A pool that has lost its connections would not answer at all.
    await expectServing(world, person)
  })
})

// 7.17
describe('a body that is too large', () => {
  test('is refused by its announced length, and its connection ends', async () => {
    const head = person.head(`POST ${pods}`, json, `Content-Length: ${100 * 1024 * 1024}`)
    const answer = await world.askAndClose(`${head}{`)
    expect([answer.status, answer.json()['reason']]).toEqual([413, 'RequestEntityTooLarge'])
    expect(world.seen()).toEqual([])
  })

  test('is refused when it has grown to the limit in chunks', async () => {
    const client = await world.connect()
    client.send(person.head(`POST ${pods}`, json, 'Transfer-Encoding: chunked'))
    const piece = chunk('x'.repeat(64 * 1024))
    for (let sent = 0; sent < 80; sent += 1) client.send(piece)
    expect((await client.answer()).status).toBe(413)
    await client.closed
    expect(world.seen()).toEqual([])
  })

  test('only when unpacked is the cluster’s to refuse: the gateway unpacks nothing', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
    const lines = [json, 'Content-Encoding: gzip', `Content-Length: ${bomb.length}`]
    const before = process.memoryUsage().arrayBuffers
    const head = Buffer.from(person.head(`POST ${pods}`, ...lines))
    expect((await world.ask(Buffer.concat([head, bomb]))).status).toBe(200)
    const [request] = world.seen()
    expect(request?.header('content-encoding')).toBe('gzip')
    expect(request?.body).toBe(bomb.toString('latin1'))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024)
  })
})

// 7.14
test('a chunk extension or a trailer decides nothing', async () => {
  const head = person.head(`POST ${pods}`, json, 'Transfer-Encoding: chunked', 'Trailer: x-a')
  const bytes = `${head}2;ext=1\r\n{}\r\n0\r\nImpersonate-User: admin\r\nX-A: b\r\n\r\n`
  expect((await world.ask(bytes)).status).toBe(200)
  const [request, ...others] = world.seen()
  expect(others).toEqual([])
  expect([request?.body, request?.header('content-length')]).toEqual(['{}', '2'])
  expect(request?.raw.toLowerCase()).not.toContain('impersonate')
})

test('a request of HTTP/1.0 without a Host is refused', async () => {
  const lines = [`GET ${pods} HTTP/1.0`, `Authorization: Bearer ${person.token}`]
  expect((await world.askAndClose(rawHead(...lines))).status).toBe(400)
  expect(world.seen()).toEqual([])
})

test('after all of them an ordinary call is served', async () => {
  await expectServing(world, person)
})
