import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Access, Change, StreamEnd } from '../../../server/access/index.ts'
import type { Person } from '../../../server/models/person.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { createWorld, type World } from './world.ts'

let databases: DatabaseHome
let world: World
let ada: Person

beforeAll(async () => {
  databases = await (dialects[0] as (typeof dialects)[number]).home()
})
afterAll(() => databases.end())
beforeEach(async () => {
  world = await createWorld(await databases.fresh())
  ada = await world.addPerson('ada')
})
afterEach(() => world.end())

async function accessTo(cluster: string, person = ada): Promise<Access> {
  const { accessToken } = await world.open(person)
  const identity = await world.access.authenticate(accessToken, 'gatehouse')
  const answer = await world.access.accessFor(identity, cluster, undefined)
  if (answer.status !== 'access') throw new Error(answer.status)
  return answer.access
}

async function grantedAccess(more: { expiresAt?: Date } = {}) {
  const profile = await world.addProfile('prod', 'viewer')
  const grant = await world.grant(ada, profile, more)
  return { access: await accessTo('prod'), grant, profile }
}

/** A stream that remembers why it was closed. */
function openStream(access: Access, grantIds = access.scopes.map((it) => it.grantId)) {
  const reasons: StreamEnd[] = []
  const { promise: closed, resolve } = Promise.withResolvers<StreamEnd>()
  const close = (reason: StreamEnd) => {
    reasons.push(reason)
    resolve(reason)
  }
  const end = world.access.streams.open({ access, grantIds, kind: 'watch', close })
  return { reasons, closed, end }
}

test('one tell closes a thousand streams before it returns, and only those', async () => {
  const { access } = await grantedAccess()
  const other = await accessTo('prod')
  const streams = Array.from({ length: 1000 }, () => openStream(access))
  const bystander = openStream(other)
  expect(world.access.streams.count()).toBe(1001)
  world.changes.tell({ kind: 'session', id: access.session.id })
  expect(streams.every((it) => it.reasons.join() === 'session ended')).toBe(true)
  expect(world.access.streams.count()).toBe(1)
  expect(bystander.reasons).toEqual([])
})

const ends: [
  Change['kind'],
  StreamEnd,
  (it: Awaited<ReturnType<typeof grantedAccess>>) => string,
][] = [
  ['session', 'session ended', ({ access }) => access.session.id],
  ['person', 'person removed', ({ access }) => access.person.id],
  ['grant', 'grant ended', ({ grant }) => grant.id],
  ['profile', 'profile removed', ({ profile }) => profile.id],
  ['credential', 'credential replaced', ({ profile }) => profile.id],
  ['cluster', 'cluster removed', ({ access }) => access.clusterId],
]

test.each(ends)('a change of its %s ends a stream: %s', async (kind, reason, idOf) => {
  const granted = await grantedAccess()
  const stream = openStream(granted.access)
  world.changes.tell({ kind, id: 'another' })
  expect(stream.reasons).toEqual([])
  world.changes.tell({ kind, id: idOf(granted) })
  world.changes.tell({ kind, id: idOf(granted) })
  expect(stream.reasons).toEqual([reason])
})

test.each(ends)('a stream is not opened past a change of its %s', async (kind, reason, idOf) => {
  const granted = await grantedAccess()
  world.changes.tell({ kind, id: idOf(granted) })
  const stream = openStream(granted.access)
  expect(stream.reasons).toEqual([])
  await expect(stream.closed).resolves.toBe(reason)
  expect(world.access.streams.count()).toBe(0)
})

test('a stream stays open while one of the grants that allowed it lives', async () => {
  const profile = await world.addProfile('prod', 'viewer')
  const grants = [await world.grant(ada, profile), await world.grant(ada, profile)]
  const [first, second] = grants.map((it) => it.id)
  const access = await accessTo('prod')
  const byBoth = openStream(access)
  const byOne = openStream(access, [first ?? ''])
  world.changes.tell({ kind: 'grant', id: first ?? '' })
  expect(byOne.reasons).toEqual(['grant ended'])
  expect(byBoth.reasons).toEqual([])
  world.changes.tell({ kind: 'grant', id: second ?? '' })
  expect(byBoth.reasons).toEqual(['grant ended'])
})

test('a stream ends with the last grant that allowed it, also when another one goes on', async () => {
  const profile = await world.addProfile('prod', 'viewer')
  const short = await world.grant(ada, profile, { expiresAt: new Date(Date.now() + 60_000) })
  await world.grant(ada, profile)
  const access = await accessTo('prod')
  // The clock of the world runs on by the time the timer looks at it.
  world.clock.now = (short.expiresAt?.getTime() ?? 0) - 100
  const byShort = openStream(access, [short.id])
  const byBoth = openStream(access)
  world.clock.now += 100
  await expect(byShort.closed).resolves.toBe('expired')
  expect(byBoth.reasons).toEqual([])
})

test('a stream that ended by itself is not closed any more', async () => {
  const { access } = await grantedAccess()
  const stream = openStream(access)
  stream.end()
  stream.end()
  world.changes.tell({ kind: 'session', id: access.session.id })
  expect(stream.reasons).toEqual([])
  expect(world.access.streams.count({ personId: ada.id })).toBe(0)
})

test('a stream that fails to close does not keep the others open', async () => {
  const { access } = await grantedAccess()
  const fail = () => {
    throw new Error('no')
  }
  const grantIds = access.scopes.map((it) => it.grantId)
  world.access.streams.open({ access, grantIds, kind: 'exec', close: fail })
  const stream = openStream(access)
  world.changes.tell({ kind: 'cluster', id: 'prod' })
  expect(stream.reasons).toEqual(['cluster removed'])
})

test('an Access that nobody made opens no stream', async () => {
  const { access } = await grantedAccess()
  const stream = openStream({ ...access })
  await expect(stream.closed).resolves.toBeDefined()
  expect(() => openStream(access, [])).toThrow()
  expect(() => openStream(access, ['a grant of someone else'])).toThrow()
})

test('streams are counted by person and cluster, and drained together', async () => {
  const { access } = await grantedAccess()
  const grace = await world.addPerson('grace')
  await world.grant(grace, await world.addProfile('test', 'viewer'))
  const streams = [
    openStream(access),
    openStream(access),
    openStream(await accessTo('test', grace)),
  ]
  const { count, closeAll } = bound(world.access.streams)
  expect([count(), count({ personId: ada.id }), count({ clusterId: 'test' })]).toEqual([3, 2, 1])
  expect(count({ personId: ada.id, clusterId: 'test' })).toBe(0)
  closeAll('draining')
  expect(streams.flatMap((it) => it.reasons)).toEqual(['draining', 'draining', 'draining'])
  await expect(openStream(access).closed).resolves.toBe('draining')
})

test('a right that ended in the database only ends its streams at the re-check', async () => {
  const { access, grant } = await grantedAccess()
  const stream = openStream(access)
  await world.access.recheck()
  expect(stream.reasons).toEqual([])
  await grant.destroy()
  await world.access.recheck()
  expect(stream.reasons).toEqual(['grant ended'])
})

const bound = (streams: World['access']['streams']) => ({
  count: streams.count.bind(streams),
  closeAll: streams.closeAll.bind(streams),
})
