import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  expectRefused,
  expectServing,
  openHostileWorld,
  rawHead,
  type HostileWorld,
  type Person,
} from './world.ts'

// A stranger's refusals are told in full twenty times a minute, so the targets have two gateways.
const worlds: HostileWorld[] = []
let world: HostileWorld
let other: HostileWorld
let person: Person

beforeAll(async () => {
  worlds.push(...(await Promise.all([openHostileWorld(), openHostileWorld()])))
  ;[world, other] = worlds as [HostileWorld, HostileWorld]
  person = await world.person({ namespaces: ['allowed'], preset: 'developer' })
})
afterAll(() => Promise.all(worlds.map((it) => it.stop())))

const get = (path: string) => person.get(path)

// 7.1, S3-T15; CVE-2019-14435
test.each(['/k8s/c1//evil.com/api', '/k8s/c1/\\evil.com/', '/k8s/c1//169.254.169.254/latest'])(
  'a host in the path is refused and nobody is contacted: %s',
  async (path) => {
    await expectRefused(world, await world.ask(get(path)), 400)
    expect(world.seen()).toEqual([])
    await expectOwnTargetServes()
  },
)

const expectOwnTargetServes = async () => {
  const answer = await world.ask(get('/k8s/c1/api/v1/namespaces/allowed/pods'))
  expect(answer.status).toBe(200)
  expect(world.seen().map((it) => it.path)).toEqual(['/api/v1/namespaces/allowed/pods'])
}

// 7.2
describe('a target in another form', () => {
  test.each([
    ['GET http://169.254.169.254/latest', 404],
    ['GET https://evil.example/k8s/c1/api', 404],
    ['OPTIONS *', 404],
    ['CONNECT a:1', 400],
    ['CONNECT 169.254.169.254:443', 400],
  ])('is not a cluster call: %s', async (line, status) => {
    const client = await world.connect()
    client.send(person.head(line))
    expect((await client.answer()).status).toBe(status)
    client.socket.destroy()
    expect(world.seen()).toEqual([])
  })

  test('is on record, and so is what is not HTTP at all', async () => {
    const client = await other.connect()
    client.send('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')
    expect((await client.answer()).status).toBe(400)
    const garbage = await other.connect()
    garbage.send('GET /k8s/c1/api HTTP/1.1\r\nbroken line\r\n\r\n')
    await garbage.closed
    const someone = await otherPerson()
    expect((await other.askAndClose(someone.upgrade('/api/me'))).status).toBe(404)
    const events = await vi.waitUntil(async () => {
      const found = (await other.api.events.list({ action: 'edge', limit: 10 })).events
      return found.length >= 3 && found
    }, 30_000)
    expect(events.map((it) => [it.result, it.status, it.source])).toEqual([
      ['refused', 404, '127.0.0.1'],
      ['refused', 400, '127.0.0.1'],
      ['refused', 400, '127.0.0.1'],
    ])
    expect(events.map((it) => it.reason).join()).toMatch(/upgraded.*not HTTP: HPE_.*CONNECT/)
  })

  test('names no operation of the gateway either', async () => {
    const line = `GET http://evil.example/api/me`
    const client = await world.connect()
    client.send(
      rawHead(`${line} HTTP/1.1`, 'Host: evil.example', `Authorization: Bearer ${person.token}`),
    )
    expect((await client.answer()).status).toBe(403)
    client.socket.destroy()
  })
})

// 7.3, S3-T15; CVE-2021-21321
test.each([
  '/k8s/c1/api/v1/namespaces/allowed/../kube-system/secrets',
  '/k8s/c1/api/v1/namespaces/allowed/%2e%2e/kube-system/secrets',
  '/k8s/c1/api/v1/namespaces/allowed/.%2e/kube-system/secrets',
  '/k8s/c1/api/v1/namespaces/allowed/%2E./kube-system/secrets',
  '/k8s/c1/api/v1/namespaces/allowed/..;/kube-system/secrets',
  '/k8s/c1/./api/v1/secrets',
])('a path that leads out of its namespace is refused: %s', async (path) => {
  await expectRefused(world, await world.ask(get(path)), 400)
  expect(world.seen()).toEqual([])
})

// 7.4, S3-T15
test.each([
  '/k8s/c1/api/v1/namespaces/allowed%2Fsecrets/pods',
  '/k8s/c1/api/v1/namespaces/allowed%252fsecrets/pods',
  '/k8s/c1/api/v1/namespaces/allowed%5csecrets/pods',
  '/k8s/c1/api/v1/namespaces/allowed%00/pods',
  '/k8s/c1/api/v1/namespaces/allowed/pods%23x',
  '/k8s/c1/api/v1/namespaces/allowed/pods%3fwatch',
  '/k8s/c1/api/v1/namespaces/allowed/pods#x',
])('an escape that another reader could take for a delimiter is refused: %s', async (path) => {
  const someone = await otherPerson()
  await expectRefused(other, await other.ask(someone.get(path)), 400)
  expect(other.seen()).toEqual([])
})

// 7.5, S3-T15
test.each([
  '/k8s/c1/api/v1/namespaces//secrets',
  '/k8s/c1//api/v1/secrets',
  '/k8s/c1/api/v1/secrets///',
  '/k8s//c1/api/v1/secrets',
  '/k8s/C1/api/v1/secrets',
])('an empty segment or another spelling of the cluster is refused: %s', async (path) => {
  const someone = await otherPerson()
  await expectRefused(other, await other.ask(someone.get(path)), 400)
  expect(other.seen()).toEqual([])
})

let made: Promise<Person> | undefined
const otherPerson = () => (made ??= other.person({ namespaces: ['allowed'] }))

// 7.3; CVE-2026-16117, CVE-2021-21322: the same path by the way of an upgrade
test('the path of an upgrade is read as strictly as that of a request', async () => {
  const someone = await otherPerson()
  for (const path of [
    '/k8s/c1/api/v1/namespaces/allowed/../b/pods/p/exec',
    '/k8s/c1/api/v1/namespaces/allowed%2Fb/pods/p/exec',
    '/k8s/c1/api/v1/namespaces/allowed/pods/p/exec%23',
  ])
    await expectRefused(other, await other.askAndClose(someone.upgrade(path)), 400)
  expect(other.seen()).toEqual([])
})

// S3-T15
test('letters in another case are another path, for the decision and for the cluster', async () => {
  const answer = await world.ask(get('/k8s/c1/API/v1/namespaces/allowed/pods'))
  await expectRefused(world, answer, 403)
  const resource = await world.ask(get('/k8s/c1/api/v1/namespaces/allowed/PODS'))
  expect(resource.status).toBe(200)
  expect(world.seen().map((it) => it.path)).toEqual(['/api/v1/namespaces/allowed/PODS'])
})

// S3-T15: validated path = forwarded path
test('what is decided on is what the cluster receives, escape for escape', async () => {
  const path = '/api/v1/namespaces/allowed/pods?labelSelector=a%3Db%2Cc&continue=x%2B%2f&watch=0'
  expect((await world.ask(get(`/k8s/c1${path}`))).status).toBe(200)
  const escaped = '/api/v1/namespaces/%61llowed/pods'
  expect((await world.ask(get(`/k8s/c1${escaped}`))).status).toBe(200)
  expect(world.seen().map((it) => it.path)).toEqual([path, escaped])
})

// 7.6
describe('a query that Go reads in its own way', () => {
  test.each([
    ['?watch=1;x', 'list'],
    ['?%77atch', 'watch'],
    ['?%77atch=true', 'watch'],
    ['?watch=0&watch=1', 'list'],
    ['?watch=1&watch=0', 'watch'],
    ['?watch=%zz', 'list'],
    ['?watch=FALSE', 'list'],
    ['?Watch=1', 'list'],
  ])('is recorded as Go would and forwarded as it came: %s is a %s', async (query, verb) => {
    const answer = await world.ask(get(`/k8s/c1/api/v1/namespaces/allowed/pods${query}`))
    expect(answer.status).toBe(200)
    expect(world.seen().map((it) => it.path)).toEqual([`/api/v1/namespaces/allowed/pods${query}`])
    const [record] = await world.records(answer.header('audit-id'))
    expect(record).toMatchObject({ verb, resource: 'pods', namespace: 'allowed' })
  })

  test.each([
    ['?watch=1;x', 403],
    ['?%77atch', 200],
    ['?watch=0&watch=1', 403],
    ['?watch=%zz', 403],
  ])('is decided as Go would: with the right to watch only, %s is %i', async (query, status) => {
    const watcher = await world.person({ rules: [{ verbs: ['watch'] }], capabilities: [] })
    world.seen()
    const answer = await world.ask(watcher.get(`/k8s/c1/api/v1/namespaces/allowed/pods${query}`))
    if (status === 200) expect(answer.status).toBe(200)
    else await expectRefused(world, answer, status)
    expect(world.seen()).toHaveLength(status === 200 ? 1 : 0)
  })
})

test('after all of them an ordinary call is served', async () => {
  const someone = await world.person()
  await expectServing(world, someone)
})
