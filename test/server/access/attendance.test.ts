import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Identity, StreamEnd } from '../../../server/access/index.ts'
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

async function identity(): Promise<Identity> {
  const { accessToken } = await world.open(ada)
  return world.access.authenticate(accessToken, 'gatehouse')
}

function attend(who: Identity) {
  const reasons: StreamEnd[] = []
  const { promise: closed, resolve } = Promise.withResolvers<StreamEnd>()
  const end = world.access.attend(who, (reason) => {
    reasons.push(reason)
    resolve(reason)
  })
  return { reasons, closed, end }
}

test('the end of a session or of its person closes who is there without a right in use, once', async () => {
  const [one, other] = [await identity(), await identity()]
  const [guest, bystander, gone] = [attend(one), attend(other), attend(one)]
  gone.end()
  world.changes.tell({ kind: 'session', id: one.session.id })
  world.changes.tell({ kind: 'person', id: ada.id })
  expect(guest.reasons).toEqual(['session ended'])
  expect(bystander.reasons).toEqual(['person removed'])
  expect(gone.reasons).toEqual([])
})

test('a session that ended before anybody came is noticed at once', async () => {
  const who = await identity()
  world.changes.tell({ kind: 'session', id: who.session.id })
  expect(await attend(who).closed).toBe('session ended')
})

test('what ended in the database alone is found by the re-check', async () => {
  const who = await identity()
  const guest = attend(who)
  await world.db.sessions.update({ revokedAt: new Date() }, { where: { id: who.session.id } })
  await world.access.recheck()
  expect(await guest.closed).toBe('session ended')
})
