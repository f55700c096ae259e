import { afterAll, beforeAll, expect, test } from 'vitest'
import { respondWith } from '../../support/recorder.ts'
import { expectRefused, openHostileWorld, type HostileWorld } from '../hostile/world.ts'

let world: HostileWorld

const unsigned = (claims: object) =>
  ['{"alg":"none"}', JSON.stringify(claims), 'x']
    .map((it) => Buffer.from(it).toString('base64url'))
    .join('.')

beforeAll(async () => {
  world = await openHostileWorld()
})
afterAll(() => world.stop())

// design.md 1 and 6: the gateway's own namespace and accounts are refused to everyone, wherever they are
test('a keeper that was registered from another namespace is as closed as an imported one', async () => {
  const { address } = world.recorder
  const keeperToken = unsigned({ sub: 'system:serviceaccount:infra:minter' })
  const { api } = world
  world.respond(respondWith(201, '{}'))
  await api.clusters.register({
    id: 'c2',
    name: 'Two',
    address,
    caPem: world.authority.caPem,
    keeperToken,
  })
  const profile = await api.profiles.createStatic({ clusterId: 'c2', name: 'main', token: 'other' })
  const person = await world.person()
  await api.grants.create({ personId: person.id, profileId: profile.id, preset: 'admin' })
  world.seen()
  const own = '/k8s/c2/api/v1/namespaces/infra'
  for (const path of [`${own}/serviceaccounts/minter/token`, `${own}/pods`, own]) {
    const bytes = person.head(`POST ${path}`, 'Content-Length: 2') + '{}'
    await expectRefused(world, await world.ask(bytes), 403)
  }
  expect(world.seen()).toEqual([])
})
