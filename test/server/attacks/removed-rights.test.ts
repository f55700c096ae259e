import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomBytes } from 'node:crypto'
import { openHostileWorld, pods, rawHead, type HostileWorld } from '../hostile/world.ts'
import { respondRaw } from '../../support/recorder.ts'

let world: HostileWorld

beforeAll(async () => {
  world = await openHostileWorld()
})
afterAll(() => world.stop())

const body = '{"kind":"Pod","metadata":{"name":"late"}}'
const lines = ['Content-Type: application/json', `Content-Length: ${body.length}`]

// design.md 5.4, proxy.md 7.24: a right that is taken back while a body is on its way is not spent
describe('a call whose body comes slowly is not forwarded once its right is gone', () => {
  test.each([
    ['the grant', 403, (it: Person) => world.api.grants.remove({ id: it.grantId })],
    ['the session', 401, (it: Person) => world.api.sessions.revoke({ id: it.sessionId })],
    ['the person', 401, (it: Person) => world.api.persons.remove({ id: it.id })],
  ])('%s', async (_what, status, remove) => {
    const person = await world.person()
    world.seen()
    const client = await world.connect()
    client.send(`${person.head(`POST ${pods}`, ...lines, 'Expect: 100-continue')}`)
    await client.until('100 Continue')
    client.send(body.slice(0, 10))
    await remove(person)
    client.send(body.slice(10))
    expect((await client.answer()).status).toBe(status)
    expect(world.seen()).toEqual([])
    client.socket.destroy()
  })
})

type Person = Awaited<ReturnType<HostileWorld['person']>>

// The same for the gateway's own operations: an administrator who was unmade while typing
describe('an operation whose body comes slowly is not done once its right is gone', () => {
  test.each([
    ['the administration', 403, (id: string) => world.api.persons.update({ id, admin: false })],
    ['the account', 401, (id: string) => world.api.persons.update({ id, disabled: true })],
  ])('%s', async (_what, status, remove) => {
    const name = `root-${randomBytes(4).toString('hex')}`
    const password = 'a long enough password'
    const { id } = await world.api.persons.create({ name, password, admin: true })
    const { accessToken } = await world.gateway.signIn(name, password)
    const late = `late-${randomBytes(4).toString('hex')}`
    const text = JSON.stringify({ name: late, password, admin: true })
    const client = await world.connect()
    client.send(
      rawHead(
        'POST /api/persons HTTP/1.1',
        `Host: 127.0.0.1:${world.gateway.port}`,
        `Authorization: Bearer ${accessToken}`,
        'Content-Type: application/json',
        `Content-Length: ${text.length}`,
        'Expect: 100-continue',
      ),
    )
    await client.until('100 Continue')
    client.send(text.slice(0, 10))
    await remove(id)
    client.send(text.slice(10))
    expect((await client.answer()).status).toBe(status)
    expect((await world.api.persons.list({})).map((it) => it.name)).not.toContain(late)
    client.socket.destroy()
  })
})

// design.md 5.4 and 9: revoke -> last byte within a second, whatever kind of answer it is
test('a list that is still coming ends with the grant that allowed it', async () => {
  const person = await world.person()
  const head = rawHead('HTTP/1.1 200 OK', 'Content-Type: application/json', 'Content-Length: 9000')
  world.respond(respondRaw(`${head}{"kind":`))
  const client = await world.connect()
  client.send(person.get(pods))
  await client.until('{"kind":')
  const { promise, resolve } = Promise.withResolvers<void>()
  // Longer than what still counts as an ordinary call.
  setTimeout(resolve, 700)
  await promise
  const before = performance.now()
  await world.api.grants.remove({ id: person.grantId })
  await client.closed
  expect(performance.now() - before).toBeLessThan(1000)
})
