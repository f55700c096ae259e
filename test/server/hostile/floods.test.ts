import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { respondNever, respondRaw } from '../../support/recorder.ts'
import { connectRaw, type RawClient } from './raw-client.ts'
import {
  agreed,
  execPath,
  expectRefused,
  expectServing,
  openHostileWorld,
  pods,
  rawHead,
  type HostileWorld,
  type Person,
} from './world.ts'

let folder: string
let world: HostileWorld
let narrow: HostileWorld
let flooder: Person
let other: Person
let slow: readonly RawClient[]
let silent: Socket

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-floods-'))
  const config = join(folder, 'gateway.yaml')
  await writeFile(
    config,
    'limits: { requestsPerPerson: 3, streamsPerPerson: 5, streamsPerCluster: 8 }\n',
  )
  world = await openHostileWorld()
  narrow = await openHostileWorld({ environment: { GATEHOUSE_CONFIG: config } })
  flooder = await world.person()
  other = await world.person()
  // They have all of this file’s time to be found out.
  slow = await Promise.all(Array.from({ length: 50 }, () => world.connect()))
  for (const client of slow) client.send('GET /k8s/c1/api HTTP/1.1\r\nHost')
  silent = connect(world.gateway.port, '127.0.0.1')
  silent.on('error', () => undefined)
})
afterAll(async () => {
  for (const client of slow) client.socket.destroy()
  silent.destroy()
  await Promise.all([world.stop(), narrow.stop()])
  await rm(folder, { recursive: true, force: true })
})

const watch = `${pods}?watch=1`
const quiet = respondRaw(
  `${rawHead('HTTP/1.1 200 OK', 'Content-Type: application/json', 'Transfer-Encoding: chunked')}2\r\n{}\r\n`,
)

/** Opens streams and waits until each has its first byte. */
async function openMany(place: HostileWorld, bytes: string, count: number): Promise<RawClient[]> {
  const clients: RawClient[] = []
  for (let opened = 0; opened < count; opened += 25) {
    const batch = await Promise.all(
      Array.from({ length: Math.min(25, count - opened) }, () => place.connect()),
    )
    for (const client of batch) client.send(bytes)
    await Promise.all(batch.map((it) => it.until('\r\n\r\n')))
    clients.push(...batch)
  }
  return clients
}

// 7.16: 400 of the 10,000, which is more than the pool for short requests has connections
describe('four hundred idle watches of one person', () => {
  test('delay no list of another, and take no connection from him', async () => {
    world.respond(quiet)
    world.seen()
    const clients = await openMany(world, flooder.get(watch), 400)
    const watches = world.seen()
    expect(watches).toHaveLength(400)
    expect(clients.every((it) => it.text().startsWith('HTTP/1.1 200'))).toBe(true)
    await expectServing(world, other)
    for (const client of clients) client.reset()
    await Promise.all(watches.map((it) => it.connection.closed))
    await expectServing(world, flooder)
  })
})

// 7.16
describe('what one person may have under way at once is bounded', () => {
  test('for streams, watches and terminals together, and gives its place back', async () => {
    const greedy = await narrow.person()
    narrow.respond((request, socket) => {
      const answer = request.header('upgrade') ? respondRaw(rawHead(...agreed)) : quiet
      answer(request, socket)
    })
    const watches = await openMany(narrow, greedy.get(watch), 3)
    const terminals = await openMany(narrow, greedy.upgrade(execPath), 2)
    narrow.seen()
    for (const answer of [
      await narrow.ask(greedy.get(watch)),
      await narrow.askAndClose(greedy.upgrade(execPath)),
    ]) {
      await expectRefused(narrow, answer, 429)
      expect(answer.header('retry-after')).toBe('1')
      expect(answer.json()['reason']).toBe('TooManyRequests')
    }
    expect(narrow.seen()).toEqual([])
    await expectServing(narrow, greedy)
    narrow.respond(quiet)
    watches[0]?.reset()
    await reopened(greedy)
    for (const client of [...watches, ...terminals]) client.reset()
  })

  test('for requests that the cluster does not answer', async () => {
    const greedy = await narrow.person()
    const neighbour = await narrow.person()
    narrow.seen()
    narrow.respond(respondNever)
    const clients = await Promise.all([1, 2, 3].map(() => narrow.connect()))
    for (const client of clients) client.send(greedy.get(pods))
    await narrow.recorder.when(
      () =>
        narrow.recorder.requests.slice(-3).filter((it) => it.path.endsWith('pods')).length === 3,
    )
    await expectRefused(narrow, await narrow.ask(greedy.get(pods)), 429)
    await expectServing(narrow, neighbour)
    for (const client of clients) client.reset()
  })

  /** A place is free once the gateway has noticed that its owner left. */
  async function reopened(person: Person): Promise<void> {
    for (;;) {
      const client = await narrow.connect()
      client.send(person.get(watch))
      const text = await client.until('\r\n\r\n')
      client.reset()
      if (text.startsWith('HTTP/1.1 200')) return
      expect(text).toContain('HTTP/1.1 429')
    }
  }
})

// 7.17
describe('a head that is too large is refused before anything of it is believed', () => {
  test.each([
    ['a hundred thousand lines', () => 'X-A: b\r\n'.repeat(100_000)],
    ['a value of one MiB', () => `X-A: ${'x'.repeat(1024 * 1024)}\r\n`],
    ['two hundred lines', () => 'X-A: b\r\n'.repeat(200)],
  ])('%s', async (_what, lines) => {
    world.seen()
    const client = await world.connect()
    client.send(`GET ${pods} HTTP/1.1\r\n${lines()}Authorization: Bearer ${other.token}\r\n\r\n`)
    await client.closed
    // The end may come before the answer was read, while bytes are still on their way.
    expect(client.text()).toMatch(/^(HTTP\/1\.1 431 [^]*)?$/)
    expect(world.seen()).toEqual([])
    await expectServing(world, other)
  })

  test.each([
    ['a path of nine thousand bytes', `/${'x'.repeat(9000)}`],
    ['a query of twenty-five thousand bytes', `?a=${'x'.repeat(25_000)}`],
  ])('%s', async (_what, rest) => {
    world.seen()
    await expectRefused(world, await world.ask(other.get(`${pods}${rest}`)), 400)
    expect(world.seen()).toEqual([])
  })
})

// 7.17
test('a body of one byte in ten seconds costs nobody but its sender', async () => {
  const clients = await Promise.all(Array.from({ length: 20 }, () => world.connect()))
  for (const client of clients)
    client.send(`${flooder.head(`POST ${pods}`, 'Content-Length: 1000')}x`)
  await expectServing(world, other)
  expect(world.recorder.text()).not.toContain('POST /api/v1/namespaces/a/pods')
  for (const client of clients) client.reset()
})

// CVE-2023-44487, CVE-2023-39325: what is not spoken cannot be reset rapidly
test('only HTTP/1.1 is spoken, whatever a client offers or begins with', async () => {
  const { port, caPem } = world.gateway
  const client = await connectRaw({ port, caPem, offers: ['h2', 'http/1.1'] })
  expect(client.socket.alpnProtocol).toBe('http/1.1')
  world.seen()
  client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  await client.closed
  expect(client.text()).toMatch(/^(HTTP\/1\.1 4\d\d [^]*)?$/)
  expect(world.seen()).toEqual([])
  await expect(connectRaw({ port, caPem, offers: ['h2'] })).rejects.toThrow()
})

// 7.17: slow heads
test('a connection that never finishes its head is ended, and meanwhile others are served', async () => {
  await expectServing(world, other)
  await Promise.all(slow.map((it) => it.closed))
  expect(slow.every((it) => /^(HTTP\/1\.1 408 [^]*)?$/.test(it.text()))).toBe(true)
  await new Promise((resolve) =>
    silent.closed ? resolve(undefined) : silent.once('close', resolve),
  )
  await expectServing(world, other)
}, 40_000)
