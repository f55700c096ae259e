import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { contexts as contextsContract } from '../../../server/contract/contexts.ts'
import { Capability, grants as contract, type Preset } from '../../../server/contract/grants.ts'
import type { Person } from '../../../server/models/person.ts'
import type { Profile } from '../../../server/models/profile.ts'
import { contextRoutes } from '../../../server/routes/contexts.ts'
import { grantRoutes } from '../../../server/routes/grants.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { actor, createWorld, type World } from './world.ts'

let databases: DatabaseHome
let world: World
let ada: Person
let viewer: Profile

beforeAll(async () => {
  databases = await (dialects[0] as (typeof dialects)[number]).home()
})
afterAll(() => databases.end())
beforeEach(async () => {
  world = await createWorld(await databases.fresh())
  ada = await world.addPerson('ada', { admin: true })
  viewer = await world.addProfile('prod', 'viewer')
})
afterEach(() => world.end())

type Input = Partial<Parameters<ReturnType<typeof grantRoutes>['create']>[0]>
const create = (input: Input) =>
  grantRoutes(world).create({ personId: ada.id, profileId: viewer.id, ...input }, actor(ada))

test('a grant is in force when it has been made, and gone when it has been taken back', async () => {
  const { accessToken } = await world.open(ada)
  const identity = await world.access.authenticate(accessToken, 'gatehouse')
  const ask = async () => (await world.access.accessFor(identity, 'prod', undefined)).status
  await expect(ask()).resolves.toBe('none')
  const grant = await create({ preset: 'viewer' })
  expect(contract.create.output.parse(grant)).toMatchObject({
    personName: 'ada',
    profileName: 'viewer',
    clusterId: 'prod',
  })
  await expect(ask()).resolves.toBe('access')
  const { list, remove } = grantRoutes(world)
  await expect(list({ personId: ada.id, clusterId: 'prod' }, actor(ada))).resolves.toEqual([grant])
  await expect(list({ clusterId: 'test' }, actor(ada))).resolves.toEqual([])
  await remove({ id: grant.id }, actor(ada))
  await expect(ask()).resolves.toBe('none')
  await expect(remove({ id: grant.id }, actor(ada))).rejects.toMatchObject({ code: 'not_found' })
})

test.each([
  ['viewer', []],
  ['developer', []],
  ['operator', ['exec', 'attach', 'port-forward', 'debug']],
  ['admin', Capability.options],
] as [Preset, Capability[]][])(
  'the preset %s has the capabilities %j',
  async (preset, capabilities) => {
    expect((await create({ preset })).scope.capabilities).toEqual(capabilities)
  },
)

test('what is named replaces what the preset says', async () => {
  const rules = [{ verbs: ['get' as const], resources: ['pods'] }]
  const { scope } = await create({
    preset: 'operator',
    rules,
    capabilities: ['secrets', 'secrets'],
    namespaces: ['shop', 'shop'],
  })
  expect(scope).toEqual({ namespaces: ['shop'], rules, capabilities: ['secrets'] })
})

test('no preset writes Secrets, accounts or rights by its rules, but the administrator’s', async () => {
  for (const preset of ['viewer', 'developer', 'operator'] as const) {
    const { rules } = (await create({ preset })).scope
    const written = rules.filter((it) => it.verbs === undefined).flatMap((it) => it.resources)
    expect(written).not.toContain(undefined)
    expect(written.join()).not.toMatch(/secrets|serviceaccounts|rbac|nodes|namespaces|exec|\*/)
  }
})

test('unknown persons and profiles are not found; a past end and an empty wish are named', async () => {
  const notFound = { code: 'not_found' }
  await expect(create({ preset: 'viewer', personId: randomUUID() })).rejects.toMatchObject(notFound)
  await expect(create({ preset: 'viewer', profileId: randomUUID() })).rejects.toMatchObject(
    notFound,
  )
  const past = new Date(Date.now() - 1000).toISOString()
  await expect(create({ preset: 'viewer', expiresAt: past })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: { expiresAt: expect.any(String) },
  })
  await expect(create({})).rejects.toMatchObject({ fields: { preset: expect.any(String) } })
  await expect(world.db.grants.count()).resolves.toBe(0)
})

test('contexts show one entry for each profile, with what its live grants come to', async () => {
  const soon = new Date(Date.now() + 60_000)
  const rules = [{}]
  await world.grant(ada, viewer, {
    expiresAt: soon,
    scope: { namespaces: ['shop'], rules, capabilities: ['exec'] },
  })
  await world.grant(ada, viewer, {
    scope: { namespaces: ['bank'], rules, capabilities: ['attach'] },
  })
  await world.grant(ada, viewer, {
    expiresAt: new Date(Date.now() - 1),
    scope: { rules, capabilities: ['secrets'] },
  })
  await world.grant(ada, await world.addProfile('prod', 'admin'), {
    preset: 'viewer',
    expiresAt: soon,
  })
  await world.grant(await world.addPerson('grace'), await world.addProfile('test', 'viewer'))
  const list = await contextRoutes(world).list({}, actor(ada))
  expect(contextsContract.list.output.parse(list)).toEqual([
    {
      clusterId: 'prod',
      clusterName: 'prod',
      profileName: 'admin',
      path: '/k8s/prod@admin',
      capabilities: [],
      expiresAt: soon.toISOString(),
    },
    {
      clusterId: 'prod',
      clusterName: 'prod',
      profileName: 'viewer',
      path: '/k8s/prod@viewer',
      namespaces: ['bank', 'shop'],
      capabilities: ['attach', 'exec'],
    },
  ])
})
