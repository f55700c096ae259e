import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Access, AccessAnswer, Identity } from '../../../server/access/index.ts'
import type { Person } from '../../../server/models/person.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { createWorld, type World } from './world.ts'

let databases: DatabaseHome
let world: World
let ada: Person
let identity: Identity

beforeAll(async () => {
  databases = await (dialects[0] as (typeof dialects)[number]).home()
})
afterAll(() => databases.end())
beforeEach(async () => {
  world = await createWorld(await databases.fresh())
  ada = await world.addPerson('ada')
  identity = await signIn()
})
afterEach(() => world.end())

const signIn = async () =>
  world.access.authenticate((await world.open(ada)).accessToken, 'gatehouse')
const ask = async (cluster: string, profile?: string): Promise<AccessAnswer> =>
  world.access.accessFor(identity, cluster, profile)

async function accessTo(cluster: string, profile?: string): Promise<Access> {
  const answer = await ask(cluster, profile)
  if (answer.status !== 'access') throw new Error(answer.status)
  return answer.access
}

test('the only profile of a cluster needs no name, several must be chosen from', async () => {
  const viewer = await world.addProfile('prod', 'viewer')
  await world.grant(ada, viewer)
  const access = await accessTo('prod')
  expect(access).toMatchObject({
    person: { name: 'ada' },
    session: identity.session,
    clusterId: 'prod',
    credential: { profileId: viewer.id, profileName: 'viewer' },
  })
  await world.grant(ada, await world.addProfile('prod', 'admin'))
  await expect(ask('prod')).resolves.toEqual({ status: 'choose', profiles: ['admin', 'viewer'] })
  expect((await accessTo('prod', 'admin')).credential.profileName).toBe('admin')
})

test('nobody has what they were not granted', async () => {
  const grace = await world.addPerson('grace')
  await world.grant(grace, await world.addProfile('prod', 'viewer'))
  await world.grant(ada, await world.addProfile('test', 'viewer'))
  const none = { status: 'none' }
  await expect(ask('prod')).resolves.toEqual(none)
  await expect(ask('prod', 'viewer')).resolves.toEqual(none)
  await expect(ask('test', 'admin')).resolves.toEqual(none)
  await expect(ask('no-such-cluster')).resolves.toEqual(none)
})

test('grants on one profile add up, and one that is over is not among them', async () => {
  const viewer = await world.addProfile('prod', 'viewer')
  const admin = await world.addProfile('prod', 'admin')
  const soon = new Date(world.clock.now + 60_000)
  const late = new Date(world.clock.now + 120_000)
  const first = await world.grant(ada, viewer, { expiresAt: soon })
  const second = await world.grant(ada, viewer, { expiresAt: late, preset: 'operator' })
  await world.grant(ada, admin, { expiresAt: soon })
  await expect(ask('prod')).resolves.toMatchObject({ status: 'choose' })
  const both = await accessTo('prod', 'viewer')
  expect(both.scopes.map((it) => it.grantId).sort()).toEqual([first.id, second.id].sort())
  expect(both.expires).toEqual(late)

  world.clock.now = soon.getTime()
  const one = await accessTo('prod')
  expect(one.scopes).toMatchObject([{ grantId: second.id, expires: late }])
  world.clock.now = late.getTime()
  await expect(ask('prod')).resolves.toEqual({ status: 'none' })
})

test('an Access ends with its session or at the policy’s maximum, whichever is first', async () => {
  await world.grant(ada, await world.addProfile('prod', 'viewer'))
  expect((await accessTo('prod')).expires).toEqual(new Date(world.clock.now + 3_600_000))
  world.clock.now = identity.session.expiresAt.getTime() - 1000
  expect((await accessTo('prod')).expires).toEqual(identity.session.expiresAt)
})

test('once remembered it is made without waiting, until the grant is taken back', async () => {
  const grant = await world.grant(ada, await world.addProfile('prod', 'viewer'))
  await ask('prod')
  expect(world.access.accessFor(identity, 'prod', undefined)).toMatchObject({ status: 'access' })
  await grant.destroy()
  world.changes.tell({ kind: 'grant', id: grant.id })
  await expect(ask('prod')).resolves.toEqual({ status: 'none' })
})

test.each(['person', 'session'] as const)(
  'a %s that ended makes no Access, even of an identity at hand',
  async (kind) => {
    await world.grant(ada, await world.addProfile('prod', 'viewer'))
    await ask('prod')
    if (kind === 'session') await world.access.sessions.revoke(identity.session.id)
    else {
      await ada.destroy()
      world.changes.tell({ kind, id: ada.id })
    }
    await expect(ask('prod')).rejects.toMatchObject({ code: 'unauthenticated' })
  },
)

test('a grant that is taken back while it is being read is not used', async () => {
  const grant = await world.grant(ada, await world.addProfile('prod', 'viewer'))
  const findAll = world.db.profiles.findAll.bind(world.db.profiles)
  let removed = false
  // The last read of a round: what it returns was true before, and no longer is.
  world.db.profiles.findAll = (async (options: never) => {
    const rows = await findAll(options)
    if (!removed) {
      removed = true
      await grant.destroy()
      world.changes.tell({ kind: 'grant', id: grant.id })
    }
    return rows
  }) as never
  await expect(ask('prod')).resolves.toEqual({ status: 'none' })
  expect(removed).toBe(true)
})

test('a session that ends while it is being read is not taken for open', async () => {
  const { accessToken, session } = await world.open(ada)
  const findOne = world.db.sessions.findOne.bind(world.db.sessions)
  let revoked = false
  world.db.sessions.findOne = (async (options: never) => {
    const row = await findOne(options)
    if (!revoked) {
      revoked = true
      await world.access.sessions.revoke(session.id)
    }
    return row
  }) as never
  const attempt = Promise.resolve(world.access.authenticate(accessToken, 'gatehouse'))
  await expect(attempt).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(revoked).toBe(true)
})

test('what was granted or taken elsewhere is seen after the re-check', async () => {
  const viewer = await world.addProfile('prod', 'viewer')
  const grant = await world.grant(ada, viewer)
  await ask('prod')
  await grant.destroy()
  await world.access.recheck()
  await expect(ask('prod')).resolves.toEqual({ status: 'none' })
  const scope = { rules: [{}], capabilities: [] }
  const ids = { personId: ada.id, profileId: viewer.id, clusterId: 'prod', createdBy: ada.id }
  await world.db.grants.create({ ...ids, scope })
  await world.access.recheck()
  await expect(ask('prod')).resolves.toMatchObject({ status: 'access' })
})

test('a stored scope that cannot be read grants nothing', async () => {
  const viewer = await world.addProfile('prod', 'viewer')
  await world.grant(ada, viewer, { scope: { capabilities: ['everything'] } as never })
  await expect(ask('prod')).resolves.toEqual({ status: 'none' })
})

test('a new administrator is one at the next request', async () => {
  const { accessToken } = await world.open(ada)
  const authenticate = async () => world.access.authenticate(accessToken, 'gatehouse')
  expect((await authenticate()).person.admin).toBe(false)
  await ada.update({ admin: true })
  world.changes.tell({ kind: 'administration', id: ada.id })
  expect((await authenticate()).person.admin).toBe(true)
  world.changes.tell({ kind: 'administration', id: randomUUID() })
  expect(world.access.authenticate(accessToken, 'gatehouse')).toMatchObject({
    person: { admin: true },
  })
})
