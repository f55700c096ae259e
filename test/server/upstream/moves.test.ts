import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { callJson } from '../../../server/proxy/upstream/index.ts'
import { makeAuthority, type Authority } from '../../support/cluster/certificates.ts'
import { respondNever, respondWith, startRecorder, type Recorder } from '../../support/recorder.ts'
import { openUpstreamWorld, type UpstreamWorld } from '../../support/upstreams.ts'

const token = 'opaque-profile-token'
const keeperToken = 'opaque-keeper-token'
let authority: Authority
let world: UpstreamWorld
let old: Recorder
let next: Recorder
const id = 'moving'

beforeEach(async () => {
  authority = await makeAuthority()
  old = await startCluster(authority)
  next = await startCluster(authority)
  world = await openUpstreamWorld({ allow: [old.host, next.host] })
})

afterEach(async () => {
  await world.end()
  await Promise.all([old.stop(), next.stop()])
})

async function startCluster(signer: Authority): Promise<Recorder> {
  const tls = await signer.certificateFor(['127.0.0.1'])
  return startRecorder({
    tls,
    respond(request, socket) {
      if (request.path === '/hang') return respondNever(request, socket)
      const isReview = request.path.endsWith('/selfsubjectaccessreviews')
      respondWith(isReview ? 201 : 200, JSON.stringify({ gitVersion: 'v1.35.4' }))(request, socket)
    },
  })
}

async function register(more: object = {}) {
  const reach = { address: old.address, caPem: authority.caPem }
  await world.clusters.register({ id, name: 'Moving', ...reach, ...more }, world.admin)
  const profile = await world.profiles.createStatic(
    { clusterId: id, name: 'p', token },
    world.admin,
  )
  return world.access(id, profile)
}

async function call(access: Parameters<UpstreamWorld['upstreams']['spend']>[0], path = '/pods') {
  const { target, authorization } = await world.upstreams.spend(access)
  return callJson(target, { method: 'GET', path, token: authorization.replace('Bearer ', '') })
}

test('a moved cluster is called at its new address from the next call on, with the same credential', async () => {
  const access = await register()
  await call(access)
  expect(old.requests.at(-1)?.path).toBe('/pods')
  const hanging = call(access, '/hang')
  const ended = expect(hanging).rejects.toThrow()
  await old.when(() => old.requests.at(-1)?.path === '/hang')

  await world.clusters.update({ id, address: next.address }, world.admin)
  await ended
  expect(world.told).toContainEqual({ kind: 'cluster', id })
  await call(access)
  expect(next.requests.at(-1)?.header('authorization')).toBe(`Bearer ${token}`)
  expect(old.requests.filter((it) => it.path === '/pods')).toHaveLength(1)
})

test('a new address that does not work changes nothing', async () => {
  const access = await register()
  await next.stop()
  const update = world.clusters.update({ id, address: next.address }, world.admin)
  await expect(update).rejects.toMatchObject({ code: 'bad_gateway' })
  await expect(call(access)).resolves.toMatchObject({ status: 200 })
  expect((await world.db.clusters.findByPk(id))?.revision).toBe(1)
  next = await startCluster(authority)
})

test('credentials do not follow to a place under another authority', async () => {
  const stranger = await makeAuthority('Stranger')
  const trap = await startCluster(stranger)
  await world.end()
  await next.stop()
  next = trap
  world = await openUpstreamWorld({ allow: [old.host, trap.host] })
  const moved = await register({ keeperToken, keeperNamespace: 'keepers' })
  const reach = { id, address: trap.address, caPem: stranger.caPem }
  await expect(world.clusters.update(reach, world.admin)).rejects.toMatchObject({
    fields: { keeperToken: expect.anything() },
  })
  await world.clusters.update({ ...reach, keeperToken: 'another-keeper-token' }, world.admin)
  await expect(call(moved)).rejects.toMatchObject({ code: 'bad_gateway' })
  expect(trap.text()).not.toContain(token)
  expect(trap.text()).not.toContain(keeperToken)

  const [profile] = await world.profiles.list({ clusterId: id }, world.admin)
  await world.profiles.replaceToken({ id: profile?.id ?? '', token: 'given-again' }, world.admin)
  await call(moved)
  expect(trap.requests.at(-1)?.header('authorization')).toBe('Bearer given-again')
})

test('credentials do not follow to another name under the same authority', async () => {
  await world.end()
  await next.stop()
  next = await startRecorder({
    tls: await authority.certificateFor(['other.test']),
    respond: respondWith(200, JSON.stringify({ gitVersion: 'v1.35.4' })),
  })
  world = await openUpstreamWorld({ allow: [old.host, next.host] })
  const moved = await register()
  await world.clusters.update({ id, address: next.address, serverName: 'other.test' }, world.admin)
  await expect(call(moved)).rejects.toMatchObject({ code: 'bad_gateway' })
  expect(next.text()).not.toContain(token)
})

test('a keeper whose token does not say where it lives needs that said', async () => {
  await expect(register({ keeperToken })).rejects.toMatchObject({
    fields: { keeperNamespace: expect.anything() },
  })
  expect(await world.db.clusters.count()).toBe(0)
})

test('a pasted token that expires is told, and not spent again', async () => {
  const access = await register()
  const { profileId: profile } = access.credential
  await world.db.profiles.update(
    { expiresAt: new Date(Date.now() + 2000) },
    { where: { id: profile } },
  )
  await expect(call(access)).resolves.toMatchObject({ status: 200 })
  await vi.waitFor(() => expect(world.told).toContainEqual({ kind: 'credential', id: profile }), {
    timeout: 30_000,
  })
  await expect(call(access)).rejects.toMatchObject({ code: 'bad_gateway' })
})

test('a renamed cluster keeps its connections', async () => {
  const access = await register()
  const { target } = await world.upstreams.spend(access)
  const renamed = await world.clusters.update({ id, name: 'Other' }, world.admin)
  expect(renamed.name).toBe('Other')
  expect((await world.upstreams.spend(access)).target).toBe(target)
  expect(world.told.filter((it) => it.kind === 'cluster')).toHaveLength(1)
})

test('a proxy’s password is sealed and never shown', async () => {
  const proxy = await startRecorder({ respond: respondNever })
  const row = { proxyUrl: `http://user:pass-word@${proxy.host}` }
  await register()
  const sealed = world.sealing.seal(row.proxyUrl, {
    table: 'clusters',
    column: 'proxyUrl',
    row: id,
  })
  await world.db.clusters.update({ proxyUrl: sealed }, { where: { id } })
  const [shown] = await world.clusters.list({}, world.admin)
  expect(shown?.proxy).toBe(proxy.host)
  expect(JSON.stringify(shown)).not.toContain('pass-word')
  expect(sealed).not.toContain('pass-word')
  await proxy.stop()
})

test('a person sees the clusters of their grants in force only', async () => {
  const access = await register()
  const person = { ...world.admin, admin: false }
  await expect(world.clusters.list({}, person)).resolves.toEqual([])
  await world.db.persons.create({ id: person.personId, name: 'p', passwordHash: 'x', admin: false })
  const grant = await world.db.grants.create({
    personId: person.personId,
    profileId: access.credential.profileId,
    clusterId: id,
    scope: { rules: [{}], capabilities: [] },
    createdBy: person.personId,
  })
  await expect(world.clusters.list({}, person)).resolves.toMatchObject([{ id }])
  await grant.update({ expiresAt: new Date(Date.now() - 1000) })
  await expect(world.clusters.list({}, person)).resolves.toEqual([])
})
