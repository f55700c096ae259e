import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  respondAndDestroy,
  respondEndlessly,
  respondNever,
  respondRaw,
  respondWith,
} from '../../support/recorder.ts'
import {
  agreed,
  execPath,
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

const watch = `${pods}?watch=1`
const list = () => person.get(pods)

// 7.19; NEL injection, X-Accel-Redirect, GHSA-79qm-7rj5-m7r9
const power = [
  'Set-Cookie: __Host-gatehouse=stolen',
  'Refresh: 0; url=https://evil.example/',
  'NEL: {"report_to":"x","max_age":1}',
  'Report-To: {"group":"x"}',
  'X-Accel-Redirect: /etc/passwd',
  'Access-Control-Allow-Origin: *',
  'Access-Control-Allow-Credentials: true',
  'Content-Security-Policy: default-src *',
  'X-Content-Type-Options: none',
  'WWW-Authenticate: Basic realm="x"',
  'Strict-Transport-Security: max-age=0',
  'Clear-Site-Data: "*"',
  'Service-Worker-Allowed: /',
  'Link: </x>; rel=preload',
  'Location: https://evil.example/',
  'X-Secret: hidden',
  'Server: x',
  'Audit-Id: forged',
  'Upgrade: h2c',
]

describe('an answer’s power over browsers and proxies is not passed on', () => {
  test.each([
    ['on a call', 200, list],
    ['on a refused call', 403, list],
    ['on a refused upgrade', 403, () => person.upgrade(execPath)],
  ])('%s', async (_what, status, bytes) => {
    const lines = ['Content-Type: application/json', 'Content-Length: 2', ...power]
    world.respond(respondRaw(`${rawHead(`HTTP/1.1 ${status} x`, ...lines)}{}`))
    const answer = await world.ask(bytes())
    expect([answer.status, answer.body]).toEqual([status, '{}'])
    const names = answer.head
      .split('\r\n')
      .slice(1)
      .map((it) => it.split(':', 1)[0]?.toLowerCase())
    expect(names.filter((it) => !allowed.has(it ?? ''))).toEqual([])
    expect(answer.header('x-content-type-options')).toBe('nosniff')
    expect(answer.header('content-security-policy')).toBe('sandbox')
    expect(answer.header('audit-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('on an agreed upgrade', async () => {
    world.respond(respondRaw(rawHead(...agreed, ...power.slice(0, -1))))
    const answer = await world.ask(person.upgrade(execPath))
    expect(answer.status).toBe(101)
    expect(answer.head).not.toMatch(/cookie|\bnel:|accel|access-control|secret|location|refresh/i)
  })

  const allowed = new Set([
    'content-type',
    'content-length',
    'audit-id',
    'x-content-type-options',
    'content-security-policy',
    'connection',
    'keep-alive',
  ])
})

// 7.19; GHSA-79qm-7rj5-m7r9
test('what the cluster’s Connection names is not relayed', async () => {
  const lines = ['Connection: x-secret, warning', 'X-Secret: 1', 'Warning: 299 - "hop"']
  world.respond(respondRaw(`${rawHead('HTTP/1.1 200 OK', ...lines, 'Content-Length: 2')}{}`))
  const answer = await world.ask(list())
  expect(answer.status).toBe(200)
  expect(answer.head).not.toMatch(/x-secret|hop/i)
})

const within = async (seconds: number, work: () => Promise<unknown>) => {
  const began = performance.now()
  await work()
  expect(performance.now() - began).toBeLessThan(seconds * 1000)
}

// 7.19, 7.20
describe('an answer that cannot be trusted is a bad gateway, with the cluster’s name', () => {
  test.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} '],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a bare CR in a value',
      'HTTP/1.1 200 OK\r\nETag: a\rSet-Cookie: x=y\r\nContent-Length: 2\r\n\r\n{}',
    ],
    ['a NUL in a value', 'HTTP/1.1 200 OK\r\nETag: a\0b\r\nContent-Length: 2\r\n\r\n{}'],
    [
      'two types',
      'HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n{}',
    ],
    ['a head without end', `HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(2 * 1024 * 1024)}`],
    ['ten thousand lines', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(10_000)}\r\n`],
    ['no HTTP', 'hello\r\n\r\n'],
    ['another version', 'HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}'],
  ])('%s', async (_what, bytes) => {
    for (const asked of [list(), person.upgrade(execPath)]) {
      world.respond(respondRaw(Buffer.from(bytes, 'latin1')))
      await within(10, async () => {
        const answer = await world.ask(asked)
        // A refused upgrade passes its status on, whatever it is, as long as it is no 101, 2xx or 3xx.
        expect([answer.status, answer.json()['reason']]).toEqual([502, 'BadGateway'])
        expect(answer.json()['message']).toContain('c1')
        const records = await world.records(answer.header('audit-id'))
        expect(records.at(-1)).toMatchObject({ result: 'failed', status: 502 })
      })
    }
  })
})

// 7.19
test('a hundred interim answers are passed over', async () => {
  const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n'.repeat(100)
  const final = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
  world.respond(respondRaw(hints + final))
  const client = await world.connect()
  client.send(list())
  expect((await client.answer()).body).toBe('{}')
  expect(client.text()).not.toContain('Early Hints')
  client.socket.destroy()
})

// 7.20; CVE-2025-0475
describe('a body is bytes and never a page of the gateway', () => {
  test('without a type', async () => {
    world.respond(
      respondRaw('HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n<script>alert(1)</script>'),
    )
    const answer = await world.ask(list())
    expect(answer.header('content-type')).toBe('application/octet-stream')
    expect(answer.header('x-content-type-options')).toBe('nosniff')
  })

  test('as a page with a script, which keeps its type and may run nothing', async () => {
    world.respond(respondWith(200, '<script>alert(1)</script>', { 'Content-Type': 'text/html' }))
    const answer = await world.ask(list())
    expect(answer.body).toBe('<script>alert(1)</script>')
    expect(answer.header('content-security-policy')).toBe('sandbox')
  })

  test('packed or not, valid or not: nothing is unpacked', async () => {
    const packed = gzipSync('{}').toString('latin1').replace(/.$/s, 'x')
    const lines = ['Content-Encoding: gzip', `Content-Length: ${packed.length}`]
    world.respond(respondRaw(Buffer.from(rawHead('HTTP/1.1 200 OK', ...lines) + packed, 'latin1')))
    const answer = await world.ask(list())
    expect(answer.header('content-encoding')).toBe('gzip')
    expect(answer.body).toBe(packed)
  })
})

// 7.20: 10 GB are as many as the client reads; here none after the first bytes
test.each([
  ['a list', pods],
  ['a watch', watch],
])('an endless answer to %s waits for its reader and ends with him', async (_what, path) => {
  let written = 0
  world.respond((request, socket) => {
    respondEndlessly()(request, socket)
    written = 0
    const count = setInterval(() => (written = socket.bytesWritten), 20)
    socket.once('close', () => clearInterval(count))
  })
  const client = await world.connect()
  client.send(person.get(path))
  await client.until('200 OK')
  client.socket.pause()
  const request = await world.arrival()
  await stable(() => written)
  expect(written).toBeGreaterThan(0)
  expect(written).toBeLessThan(64 * 1024 * 1024)
  await expectServing(world, person)
  client.reset()
  await request.connection.closed
})

/** Resolves when a number has stayed the same for half a second. */
async function stable(read: () => number): Promise<void> {
  for (let before = -1, same = 0; same < 5;) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    same = read() === before && before > 0 ? same + 1 : 0
    before = read()
  }
}

// 7.18
describe('who vanishes takes his own call along and no other', () => {
  const chunked = rawHead(
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    'Transfer-Encoding: chunked',
  )

  test('a client in a watch', async () => {
    world.respond(respondRaw(`${chunked}2\r\n{}\r\n`))
    const client = await world.connect()
    client.send(person.get(watch))
    await client.until('{}')
    const request = await world.arrival()
    client.reset()
    await request.connection.closed
    await expectServing(world, person)
  })

  test('a client in a terminal', async () => {
    world.respond(respondRaw(`${rawHead(...agreed)}prompt`))
    const client = await world.connect()
    client.send(person.upgrade(execPath))
    await client.until('prompt')
    const request = await world.arrival()
    client.reset()
    await request.connection.closed
    await expectServing(world, person)
  })

  test('a client before his answer', async () => {
    world.respond(respondNever)
    const client = await world.connect()
    client.send(list())
    const request = await world.arrival()
    client.reset()
    await request.connection.closed
    await expectServing(world, person)
  })

  test('a client in an upload', async () => {
    const client = await world.connect()
    client.send(`${person.head(`POST ${pods}`, 'Content-Length: 100')}half`)
    client.reset()
    await client.closed
    await expectServing(world, person)
  })

  test('a client in an upload to a program behind a proxy', async () => {
    world.respond(respondNever)
    const path = '/k8s/c1/api/v1/namespaces/a/services/s/proxy/x'
    const connections = world.recorder.connections.length
    const client = await world.connect()
    client.send(`${person.head(`POST ${path}`, 'Content-Length: 100')}half`)
    await world.recorder.when(() => world.recorder.text().includes('services/s/proxy/x'))
    const used = world.recorder.connections.find((it) => it.text().endsWith('half'))
    client.reset()
    await used?.closed
    expect(used).toBeDefined()
    expect(world.recorder.connections.length).toBeGreaterThanOrEqual(connections)
    await expectServing(world, person)
  })

  // A truncated list that ends well would be a shorter list.
  test.each([
    ['a list of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"items":['],
    ['a list in chunks', `${chunked}a\r\n{"items":[\r\n`],
    ['a watch', `${chunked}a\r\n{"items":[\r\n`, watch],
  ])('the cluster in %s: the client sees it broken off', async (_what, bytes, path = pods) => {
    const client = await world.connect()
    world.respond((_request, socket) => {
      socket.write(bytes)
      void client.until('{"items":[').then(() => socket.destroy())
    })
    client.send(person.get(path))
    await expect(client.answer()).rejects.toThrow('the connection ended after')
    await client.closed
    expect(client.text()).toContain('{"items":[')
    expect(client.text().endsWith('0\r\n\r\n')).toBe(false)
    await expectServing(world, person)
  })

  test('the cluster in a terminal: the client’s connection ends', async () => {
    world.respond(respondAndDestroy(`${rawHead(...agreed)}prompt`))
    const client = await world.connect()
    client.send(person.upgrade(execPath))
    await client.closed
    expect(client.text()).toContain('101 Switching Protocols')
    await expectServing(world, person)
  })

  test('the cluster on a kept connection: the next call has another one', async () => {
    await expectServing(world, person)
    for (const { socket } of world.recorder.connections) socket.destroy()
    await expectServing(world, person)
  })
})

test('after all of them an ordinary call is served', async () => {
  await expectServing(world, person)
})
