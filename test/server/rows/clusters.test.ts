import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { makeAuthority, type Authority } from '../../support/cluster/certificates.ts'
import { openDetour, type Detour } from '../../support/detour.ts'
import {
  respondNever,
  respondWith,
  startRecorder,
  type Recorder,
  type Respond,
} from '../../support/recorder.ts'
import { goodBody, openHostileWorld, type HostileWorld, type Person } from '../hostile/world.ts'
import { ask, bearer } from './door.ts'

/** Alive, as far as anybody asks for the version, and answering everything else well. */
const alive: Respond = (request, socket) => {
  const isVersion = request.path === '/version'
  const body = isVersion ? JSON.stringify({ gitVersion: 'v1.35.0' }) : goodBody
  respondWith(200, body)(request, socket)
}

let authority: Authority
let first: Recorder
let second: Recorder
let dying: Recorder
let detour: Detour
let world: HostileWorld
let person: Person

beforeAll(async () => {
  authority = await makeAuthority()
  const tls = await authority.certificateFor(['127.0.0.1'])
  const recorders = [1, 2, 3].map(() => startRecorder({ tls, respond: alive }))
  ;[first, second, dying] = (await Promise.all(recorders)) as [Recorder, Recorder, Recorder]
  const { address } = first
  detour = await openDetour({ ...inject('cluster'), address, caPem: authority.caPem })
  const allow = [first, second, dying, detour].map((it) => it.host)
  world = await openHostileWorld({ allow })
  person = await world.person()
})
afterAll(async () => {
  await world.stop()
  await detour.stop()
  await Promise.all([first, second, dying].map((it) => it.stop()))
})

const newToken = () => `credential-${randomBytes(12).toString('hex')}`

/** Registers a cluster with one profile that the person may use for everything. */
async function register(id: string, address: string, caPem = authority.caPem) {
  const token = newToken()
  await world.api.clusters.register({ id, name: id, address, caPem })
  const profile = await world.api.profiles.createStatic({ clusterId: id, name: 'main', token })
  await grant(profile.id)
  return { profileId: profile.id, token }
}

const grant = (profileId: string) =>
  world.api.grants.create({ personId: person.id, profileId, preset: 'admin' })

/** The person’s call, always with the same access token. */
const call = (cluster: string, path = '/api/v1/namespaces/a/pods', method = 'GET') =>
  ask(world.gateway, `/k8s/${cluster}${path}`, { method, headers: bearer(person.token) })

/** The credentials that came with calls, oldest first; the gateway’s own signs of life carry none. */
const credentials = ({ requests }: Pick<Recorder, 'requests'>) =>
  requests.flatMap((it) => it.header('authorization') ?? [])

describe('with one and the same access token', () => {
  // S1-T06
  test('a profile that was removed is refused at the next call, the others go on', async () => {
    const { id } = await world.api.profiles.createStatic({
      clusterId: 'c1',
      name: 'doomed',
      token: newToken(),
    })
    await grant(id)
    world.seen()
    expect((await call('c1@doomed')).status).toBe(200)
    expect(world.seen()).toHaveLength(1)
    await world.api.profiles.remove({ id })
    const after = await call('c1@doomed')
    expect([after.status, after.json()['kind']]).toEqual([403, 'Status'])
    expect(world.seen()).toEqual([])
    expect((await call('c1@main')).status).toBe(200)
  })

  // S1-T07
  test('a credential that was replaced is the one that the next call carries', async () => {
    const { profileId, token } = await register('turning', first.address)
    const next = newToken()
    const before = credentials(first).length
    await call('turning')
    await world.api.profiles.replaceToken({ id: profileId, token: next })
    await call('turning')
    expect(credentials(first).slice(before)).toEqual([`Bearer ${token}`, `Bearer ${next}`])
  })

  // S1-T08
  test('a cluster that moved is called at its new address and never again at the old', async () => {
    const { token } = await register('moving', first.address)
    expect((await call('moving')).status).toBe(200)
    await world.api.clusters.update({ id: 'moving', address: second.address })
    const [before, reached] = [first.requests.length, credentials(second).length]
    const answers = await Promise.all([1, 2, 3].map(() => call('moving')))
    expect(answers.map((it) => it.status)).toEqual([200, 200, 200])
    expect(credentials(second).slice(reached)).toEqual(Array(3).fill(`Bearer ${token}`))
    expect(first.requests.slice(before).map((it) => it.header('authorization'))).toEqual([])
  })
})

describe('a failure that the cluster answers', () => {
  const body = (code: number, reason: string) =>
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code })

  // S1-T10
  test.each([
    [403, 'Forbidden', 'GET'],
    [404, 'NotFound', 'GET'],
    [409, 'AlreadyExists', 'POST'],
  ])('%i %s arrives as it was said', async (code, reason, method) => {
    world.respond(respondWith(code, body(code, reason)))
    const answer = await call('c1@main', undefined, method)
    expect([answer.status, answer.text]).toEqual([code, body(code, reason)])
    const [record] = (await world.records(String(answer.headers['audit-id']))).toReversed()
    expect(record).toMatchObject({ result: 'allowed', status: code, person: person.name })
  })

  // S1-T10: the one that is not the person’s; kubectl would throw a good session away
  test('401 is about the gateway’s credential, and is said so without asking to sign in', async () => {
    world.respond(respondWith(401, body(401, 'Unauthorized')))
    const answer = await call('c1@main')
    const status = answer.json()
    expect([answer.status, status['kind'], status['code']]).toEqual([502, 'Status', 502])
    expect(status['message']).toMatch(/"c1" refuses the credential of profile "main"/)
    expect([answer.headers['www-authenticate'], answer.text.includes(world.credential)]).toEqual([
      undefined,
      false,
    ])
  })
})

describe('a cluster that is no use to anybody', () => {
  const longest = 10_000

  const expectNamed = async (cluster: string, statuses: readonly number[]) => {
    const began = performance.now()
    const answer = await call(cluster)
    expect(performance.now() - began).toBeLessThan(longest)
    expect(statuses).toContain(answer.status)
    expect(answer.json()).toMatchObject({ kind: 'Status', code: answer.status })
    expect(answer.json()['message']).toContain(`"${cluster}"`)
  }

  // S1-T11
  test('because it hangs is a timeout within ten seconds that names it', async () => {
    await register('hanging', first.address)
    first.setRespond(respondNever)
    await expectNamed('hanging', [504])
    first.setRespond(alive)
  }, 20_000)

  // S1-T11
  test('because nothing listens is named', async () => {
    await register('refusing', dying.address)
    await dying.stop()
    await expectNamed('refusing', [502, 503])
  }, 20_000)

  // S1-T11
  test('because it shows a strange certificate is named, and is told nothing', async () => {
    await register('strange', detour.address, detour.caPem)
    expect((await call('strange')).status).toBe(200)
    await detour.show('a strange certificate')
    const before = detour.seen.length
    await expectNamed('strange', [502])
    expect(detour.seen).toHaveLength(before)
  }, 20_000)
})

describe('the id of a cluster', () => {
  // S1-T26
  test.each([
    'PROD',
    'Prod',
    'a_b',
    'a.b',
    'a b',
    '-a',
    'a-',
    'ü',
    '',
    'a/b',
    'a@b',
    'a'.repeat(64),
  ])('cannot be %j, whoever registers or calls it', async (id) => {
    const { address } = first
    const made = world.api.clusters.register({ id, name: 'X', address, caPem: authority.caPem })
    await expect(made).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { id: expect.any(String) as string },
    })
    const ids = (await world.api.clusters.list({})).map((it) => it.id)
    expect(ids).not.toContain(id)
    expect(ids).not.toContain(id.toLowerCase())
  })

  // S1-T26
  test.each(['C1', 'c1@MAIN', 'c_1', 'c1%20', 'c1@', '%63%31'])(
    'is not guessed from %s in a call',
    async (name) => {
      world.seen()
      const answer = await call(name)
      expect([answer.status, answer.json()['reason']]).toEqual([400, 'BadRequest'])
      expect(world.seen()).toEqual([])
    },
  )
})

// S1-T27
test('a removed cluster takes profiles and grants along, and its id brings none of them back', async () => {
  const { profileId } = await register('gone', first.address)
  expect((await call('gone')).status).toBe(200)
  await world.api.clusters.remove({ id: 'gone' })
  const before = first.requests.length
  expect((await call('gone')).status).toBe(403)
  await expect(world.api.profiles.list({ clusterId: 'gone' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(grant(profileId)).rejects.toMatchObject({ code: 'not_found' })
  await expect(world.api.grants.list({ clusterId: 'gone' })).resolves.toEqual([])
  const { address } = first
  const { caPem } = authority
  await world.api.clusters.register({ id: 'gone', name: 'Again', address, caPem })
  await expect(world.api.profiles.list({ clusterId: 'gone' })).resolves.toEqual([])
  expect((await call('gone')).status).toBe(403)
  expect(credentials({ requests: first.requests.slice(before) })).toEqual([])
})

// S2-T45
test('no path of a cluster is unknown to the gateway: it travels as it is, or is refused with a reason', async () => {
  world.respond(respondWith(200, goodBody))
  const paths = [
    '/apis/example.test/v1alpha1/things',
    '/apis/example.test/v1alpha1/namespaces/a/things/b/c?x=1&x=2',
    '/openapi/v3?hash=1',
    '/version',
    '/healthz',
    '/logs/kube-apiserver.log',
    '/anything/else',
  ]
  world.seen()
  const statuses: Record<string, number> = {}
  for (const path of paths) statuses[path] = (await call('c1@main', path)).status
  expect(statuses).toEqual({
    [paths[0] ?? '']: 200,
    [paths[1] ?? '']: 200,
    [paths[2] ?? '']: 200,
    [paths[3] ?? '']: 200,
    [paths[4] ?? '']: 200,
    [paths[5] ?? '']: 403,
    [paths[6] ?? '']: 403,
  })
  expect(world.seen().map((it) => it.path)).toEqual(paths.slice(0, 5))
})
