import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RawClient } from '../hostile/raw-client.ts'
import {
  pods,
  rawHead,
  openHostileWorld,
  type HostileWorld,
  type Person,
} from '../hostile/world.ts'

let world: HostileWorld
let person: Person

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person({ preset: 'viewer', namespaces: ['a'] })
})
afterAll(() => world.stop())

const audit = () => world.gateway.logged.join('')

async function crowd(bytes: string, clients = 40, each = 250): Promise<Set<number>> {
  const all = await Promise.all(Array.from({ length: clients }, () => world.connect()))
  for (const client of all) client.send(bytes.repeat(each))
  const statuses = new Set<number>()
  await Promise.all(all.map((it) => readAll(it, each, statuses)))
  for (const client of all) client.socket.destroy()
  return statuses
}

async function readAll(client: RawClient, count: number, statuses: Set<number>): Promise<void> {
  // Node gives up on some who send on and on without reading; that is theirs to bear.
  const ended = client.closed.then(() => undefined)
  for (let read = 0; read < count; read += 1) {
    const answer = await Promise.race([client.answer().catch(() => undefined), ended])
    if (!answer) return
    statuses.add(answer.status)
  }
}

// design.md 5.6: what one person asks cannot close the audit log, and the gateway with it, to the others
describe('ten thousand requests of one narrow person at once leave the audit log open', () => {
  test('when all of them are refused', async () => {
    expect(await crowd(person.get('/k8s/c1/api/v1/secrets'))).toEqual(new Set([403]))
    expect(audit()).not.toContain('the audit log cannot be written')
  })

  test('when they ask the gateway itself', async () => {
    await crowd(person.get('/api/me'))
    expect(audit()).not.toContain('the audit log cannot be written')
  })
})

// proxy.md 1.6: 1,500 streams are one person's right, so what each may hold of memory is small
test('a log that its reader does not take waits at the cluster and not in the gateway', async () => {
  const reader = await world.person()
  const head = rawHead('HTTP/1.1 200 OK', 'Content-Type: text/plain')
  const chunk = Buffer.alloc(64 * 1024, 'x')
  let stalled = performance.now()
  world.respond((_request, socket) => {
    const more = () => {
      stalled = performance.now()
      while (socket.write(chunk));
    }
    socket.on('drain', more)
    socket.write(head)
    more()
  })
  const client = await world.connect()
  client.socket.pause()
  client.send(reader.get(`${pods}/p/log?follow=true`))
  await vi.waitUntil(() => performance.now() - stalled > 1500, { timeout: 30_000, interval: 100 })
  client.reset()
  const { events } = await vi.waitUntil(async () => {
    const found = await world.api.events.list({ person: reader.name, resource: 'pods', limit: 10 })
    return found.events.length > 0 && found
  }, 30_000)
  // Most of it waits in the two sockets between gateway and reader, whose size is the system's.
  expect(events[0]?.bytesOut).toBeLessThan(6.5 * 1024 * 1024)
})
