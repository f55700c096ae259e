import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHostileWorld, pods, type HostileWorld } from '../hostile/world.ts'

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
