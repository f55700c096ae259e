import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest'
import { clusters as contract } from '../../server/contract/clusters.ts'
import { profiles as profileContract } from '../../server/contract/profiles.ts'
import { createGuard } from '../../server/proxy/upstream/lookup.ts'
import { callJson, field, keeperPlace, readToken } from '../../server/proxy/upstream/index.ts'
import { Keepers } from '../../server/proxy/upstream/keeper.ts'
import { Targets } from '../../server/proxy/upstream/targets.ts'
import { connectCluster, type ClusterClient } from '../support/cluster/client.ts'
import { adminKubeconfig } from '../support/world.ts'
import { clientCertificate } from '../support/client-certificate.ts'
import { openUpstreamWorld, type UpstreamWorld } from '../support/upstreams.ts'
import { stringify } from 'yaml'
import pino from 'pino'

let cluster: ClusterClient
let world: UpstreamWorld
let host: string
const presets = ['viewer', 'developer', 'operator', 'admin'] as const
const unique = (prefix: string) => `${prefix}-${randomBytes(4).toString('hex')}`

beforeAll(async () => {
  cluster = connectCluster(inject('cluster'))
  host = new URL(cluster.handle.address).host
  world = await openUpstreamWorld({ allow: [host] })
})

afterAll(async () => {
  await world.end()
  cluster.api.close()
})

const reach = () => ({ address: cluster.handle.address, caPem: cluster.handle.caPem })

async function importNow(kubeconfig = adminKubeconfig(cluster)): Promise<string> {
  const id = unique('imported')
  const input = { kubeconfig, context: 'admin', id, name: 'Imported', presets: [...presets] }
  await world.clusters.importContext(input, world.admin)
  return id
}

async function tokenOf(clusterId: string, profileName: string): Promise<string> {
  const row = await world.db.profiles.findOne({ where: { clusterId, name: profileName } })
  if (!row) throw new Error(`no profile ${profileName}`)
  const { authorization } = await world.upstreams.spend(world.access(clusterId, row))
  return authorization.replace('Bearer ', '')
}

interface Question {
  readonly verb: string
  readonly resource: string
  readonly group?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

async function may(token: string, question: Question): Promise<boolean> {
  const answer = await cluster.api.want<{ status: { allowed: boolean } }>(
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    {
      method: 'POST',
      token,
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace: 'default', ...question } },
      },
    },
  )
  return answer.status.allowed
}

const ask = (verb: string, what: string): Question => {
  const [kind = '', subresource] = what.split('/')
  const [resource = '', ...group] = kind.split('.')
  return { verb, resource, group: group.join('.'), ...(subresource && { subresource }) }
}

const readable = [ask('list', 'pods'), ask('get', 'pods/log'), ask('watch', 'deployments.apps')]
const workload = [
  ask('create', 'deployments.apps'),
  ask('patch', 'deployments.apps/scale'),
  ask('delete', 'pods'),
  ask('create', 'jobs.batch'),
]
const entering = [
  ask('create', 'pods/exec'),
  ask('get', 'pods/exec'),
  ask('create', 'pods/attach'),
  ask('create', 'pods/portforward'),
  ask('patch', 'pods/ephemeralcontainers'),
]
const closed = [
  ask('get', 'secrets'),
  ask('list', 'secrets'),
  ask('create', 'serviceaccounts/token'),
  ask('get', 'pods/proxy'),
  ask('get', 'nodes/proxy'),
  ask('impersonate', 'users'),
  ask('create', 'clusterrolebindings.rbac.authorization.k8s.io'),
  ask('update', 'certificatesigningrequests.certificates.k8s.io/approval'),
]

test('an import gives each preset exactly its rights, and the keeper only its own', async () => {
  const id = await importNow()
  const expected = {
    viewer: [readable, [...workload, ...entering, ...closed]],
    developer: [
      [...readable, ...workload],
      [...entering, ...closed],
    ],
    operator: [[...readable, ...workload, ...entering], closed],
    admin: [[...readable, ...workload, ...entering, ...closed], []],
  } as const
  for (const preset of presets) {
    const token = await tokenOf(id, preset)
    const [allowed, refused] = expected[preset]
    for (const question of allowed)
      expect([preset, question, await may(token, question)]).toEqual([preset, question, true])
    for (const question of refused)
      expect([preset, question, await may(token, question)]).toEqual([preset, question, false])
  }

  const row = await world.db.clusters.findByPk(id, { rejectOnEmpty: true })
  const keeper = world.sealing.open(row.keeper ?? '', keeperPlace(id))
  const mint = { ...ask('create', 'serviceaccounts/token'), namespace: 'gatehouse-system' }
  expect(await may(keeper, { ...mint, name: 'gatehouse-viewer' })).toBe(true)
  expect(await may(keeper, { ...mint, name: 'default' })).toBe(false)
  expect(await may(keeper, { ...mint, namespace: 'kube-system', name: 'default' })).toBe(false)
  for (const question of [...readable, ...workload, ...closed])
    expect([question, await may(keeper, question)]).toEqual([question, false])
})

test('whoever may view sees a kind that was added to the cluster’s own view, and may not change it', async () => {
  const group = `${unique('group')}.test`
  const role = {
    metadata: { name: group, labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
    rules: [{ apiGroups: [group], resources: ['things'], verbs: ['get', 'list', 'watch'] }],
  }
  const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles'
  await cluster.api.want(roles, { method: 'POST', body: role })
  onTestFinished(async () => {
    await cluster.api.want(`${roles}/${group}`, { method: 'DELETE' })
  })
  const id = await importNow()
  for (const preset of ['viewer', 'developer', 'operator'] as const) {
    const token = await tokenOf(id, preset)
    await expect.poll(() => may(token, ask('list', `things.${group}`))).toBe(true)
    expect(await may(token, ask('delete', `things.${group}`))).toBe(false)
  }
})

test('nothing of the kubeconfig’s credential stays, neither in the database nor in an answer', async () => {
  const id = await importNow()
  const list = await world.clusters.list({}, world.admin)
  const shown = JSON.stringify(contract.list.output.parse(list))
  const folder = (await world.db.sequelize.query('PRAGMA database_list'))[0] as { file: string }[]
  const file = folder[0]?.file ?? ''
  const directory = file.slice(0, file.lastIndexOf('/'))
  for (const name of await readdir(directory)) {
    const bytes = await readFile(`${directory}/${name}`, 'latin1')
    expect(bytes).not.toContain(cluster.handle.adminToken)
    // Every token of this cluster is a JWT, and they all begin alike.
    expect(bytes).not.toContain('eyJhbGciOi')
  }
  expect(shown).toContain(id)
  expect(shown).not.toContain('CERTIFICATE')
  expect(list[0]).toMatchObject({
    keeper: true,
    caFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(world.log()).not.toContain('eyJhbGciOi')
})

test('a client certificate imports as a token does', async () => {
  const pair = await clientCertificate(cluster, unique('importer'))
  const base64 = (pem: string) => Buffer.from(pem).toString('base64')
  const id = await importNow(
    stringify({
      clusters: [
        {
          name: 'c',
          cluster: {
            server: cluster.handle.address,
            'certificate-authority-data': base64(cluster.handle.caPem),
          },
        },
      ],
      users: [
        {
          name: 'u',
          user: {
            'client-certificate-data': base64(pair.certificatePem),
            'client-key-data': base64(pair.keyPem),
          },
        },
      ],
      contexts: [{ name: 'admin', context: { cluster: 'c', user: 'u' } }],
    }),
  )
  expect(await may(await tokenOf(id, 'viewer'), ask('list', 'pods'))).toBe(true)
})

test('an import without the rights for it names the missing one and registers nothing', async () => {
  const namespace = await cluster.namespace('weak')
  const token = await cluster.serviceAccountToken(namespace.name, 'weak', { clusterRole: 'view' })
  const before = await world.db.clusters.count()
  const kubeconfig = adminKubeconfig(cluster).replace(cluster.handle.adminToken, token)
  const attempt = importNow(kubeconfig)
  await expect(attempt).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(attempt).rejects.toThrow(/namespaces.*forbidden.*patch/)
  expect(await world.db.clusters.count()).toBe(before)
  await namespace.remove()
})

test('a connection that does not work is not registered, and the reason is said', async () => {
  const before = await world.db.clusters.count()
  const register = (more: object) =>
    world.clusters.register({ id: unique('bad'), name: 'Bad', ...reach(), ...more }, world.admin)
  await expect(register({ address: 'https://127.0.0.1:1' })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: { address: expect.stringContaining('clusterAddresses.allow') },
  })
  await expect(register({ caPem: undefined })).rejects.toMatchObject({ code: 'bad_gateway' })
  await expect(register({ caPem: 'no certificate' })).rejects.toMatchObject({
    fields: { caPem: expect.anything() },
  })
  await expect(
    register({ keeperToken: 'wrong', keeperNamespace: 'keepers' }),
  ).rejects.toMatchObject({
    fields: { keeperToken: expect.anything() },
  })
  await expect(register({ keeperToken: 'two words' })).rejects.toMatchObject({
    fields: { keeperToken: expect.anything() },
  })
  expect(await world.db.clusters.count()).toBe(before)
})

test('a test says the version, and whether the token is accepted', async () => {
  const good = { ...reach(), token: cluster.handle.adminToken }
  await expect(world.clusters.test(good, world.admin)).resolves.toMatchObject({
    status: 'ok',
    version: expect.stringMatching(/^v1\./),
  })
  await expect(
    world.clusters.test({ ...reach(), token: 'wrong' }, world.admin),
  ).resolves.toMatchObject({
    status: 'unauthorized',
  })
})

/** An own keeper in an own namespace, so that accounts can be destroyed without harm to other tests. */
async function registerWithKeeper(options: { seconds?: number } = {}) {
  const namespace = (await cluster.namespace('keeper')).name
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts`
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
  const make = (path: string, body: object) => cluster.api.want(path, { method: 'POST', body })
  const makeAccount = (name: string) =>
    make(account, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } })
  await makeAccount('worker')
  await make(`${rbac}/roles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'keeper' },
    rules: [
      {
        apiGroups: [''],
        resources: ['serviceaccounts/token'],
        resourceNames: ['keeper', 'worker'],
        verbs: ['create'],
      },
    ],
  })
  await make(`${rbac}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'keeper' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'keeper' },
    subjects: [{ kind: 'ServiceAccount', namespace, name: 'keeper' }],
  })
  const keeperToken = await cluster.serviceAccountToken(namespace, 'keeper', {
    expirationSeconds: options.seconds ?? 3600,
  })
  const id = unique('kept')
  await world.clusters.register({ id, name: 'Kept', ...reach(), keeperToken }, world.admin)
  const profile = await vi.waitFor(
    () =>
      world.profiles.createMinted(
        { clusterId: id, name: 'worker', namespace, serviceAccount: 'worker' },
        world.admin,
      ),
    { timeout: 30_000, interval: 200 },
  )
  return { id, namespace, keeperToken, profile, account, makeAccount }
}

async function whoami(token: string): Promise<{ status: number; name: unknown }> {
  const answer = await cluster.api.call('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    method: 'POST',
    token,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  })
  const info = field(field(answer.body, 'status'), 'userInfo')
  return { status: answer.status, name: field(info, 'username') }
}

test('a minted token is kept, spent at once, and minted anew by one of many when it is refused', async () => {
  const { id, namespace, profile, account, makeAccount } = await registerWithKeeper()
  const access = world.access(id, profile)
  const first = await world.upstreams.spend(access)
  expect(world.upstreams.spend(access)).toBe(first)
  const subject = `system:serviceaccount:${namespace}:worker`
  expect(await whoami(first.authorization.slice(7))).toEqual({ status: 201, name: subject })

  await cluster.api.want(`${account}/worker`, { method: 'DELETE' })
  await makeAccount('worker')
  await vi.waitFor(
    async () => {
      expect((await whoami(first.authorization.slice(7))).status).toBe(401)
    },
    { timeout: 30_000, interval: 200 },
  )
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
  try {
    const renewed = await Promise.all(
      Array.from({ length: 30 }, () => world.upstreams.renew(access, first)),
    )
    expect(new Set(renewed.map((it) => it?.authorization)).size).toBe(1)
    expect(await whoami(renewed[0]?.authorization.slice(7) ?? '')).toMatchObject({ status: 201 })
    // What was renewed a moment ago and is refused again has another reason.
    await expect(world.upstreams.renew(access, renewed[0] ?? first)).resolves.toBeUndefined()
  } finally {
    vi.useRealTimers()
  }
})

test('a minted token is replaced beside the calls when four fifths of its life have passed', async () => {
  const { id, profile } = await registerWithKeeper()
  const access = world.access(id, profile)
  const first = await world.upstreams.spend(access)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 49 * 60_000 })
  try {
    // Thirty seconds have passed too, so this one looks at the database first.
    expect((await world.upstreams.spend(access)).authorization).toBe(first.authorization)
    expect(world.upstreams.spend(access)).toMatchObject({ authorization: first.authorization })
    await vi.waitFor(
      async () => {
        const now = await world.upstreams.spend(access)
        expect(now.authorization).not.toBe(first.authorization)
      },
      { timeout: 30_000, interval: 50 },
    )
  } finally {
    vi.useRealTimers()
  }
})

test('a keeper renews its own token and goes on minting', async () => {
  const { id, keeperToken, profile } = await registerWithKeeper({ seconds: 900 })
  const guard = createGuard({ allow: [host], ownPorts: () => [] })
  const { db, sealing } = world
  const targets = new Targets({ db, sealing, guard })
  const keepers = new Keepers({ db, sealing, targets, log: pino({ level: 'silent' }) })
  const sealed = async () => (await db.clusters.findByPk(id, { rejectOnEmpty: true })).keeper ?? ''
  const before = await sealed()
  await keepers.renewDue(Date.now())
  expect(await sealed()).toBe(before)

  await keepers.renewDue(Date.now() + 400_000)
  const renewed = sealing.open(await sealed(), keeperPlace(id))
  expect(renewed).not.toBe(keeperToken)
  expect(readToken(renewed).subject).toBe(readToken(keeperToken).subject)
  const end = readToken(renewed).expiresAt?.getTime() ?? 0
  expect(end).toBeGreaterThan(Date.now() + 80 * 86_400_000)
  world.upstreams.forgetProfile(profile.id)
  await expect(world.upstreams.spend(world.access(id, profile))).resolves.toBeDefined()
  await targets.close()
})

test('the keeper, and what it may not mint, never become a profile', async () => {
  const { id, namespace, keeperToken } = await registerWithKeeper()
  const mint = (serviceAccount: string) =>
    world.profiles.createMinted(
      { clusterId: id, name: 'other', namespace, serviceAccount },
      world.admin,
    )
  await expect(mint('keeper')).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(mint('../secrets/x')).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(mint('default')).rejects.toMatchObject({ code: 'bad_gateway' })
  await expect(
    world.profiles.createStatic({ clusterId: id, name: 'other', token: keeperToken }, world.admin),
  ).rejects.toMatchObject({ code: 'invalid_input' })
  expect(await world.db.profiles.count({ where: { clusterId: id } })).toBe(1)
})

test('a pasted token is spent until it is replaced; only another identity ends streams', async () => {
  const id = unique('pasted')
  await world.clusters.register({ id, name: 'Pasted', ...reach() }, world.admin)
  const namespace = (await cluster.namespace('pasted')).name
  const tokenFor = (name: string) => cluster.serviceAccountToken(namespace, name)
  const [first, other] = await Promise.all([tokenFor('one'), tokenFor('two')])
  const made = await world.profiles.createStatic(
    { clusterId: id, name: 'p', token: first },
    world.admin,
  )
  expect(JSON.stringify(profileContract.createStatic.output.parse(made))).not.toContain(first)
  expect(made.expiresAt).toBe(readToken(first).expiresAt?.toISOString())
  const access = world.access(id, made)
  expect((await world.upstreams.spend(access)).authorization).toBe(`Bearer ${first}`)

  const again = (
    await cluster.api.want<{ status: { token: string } }>(
      `/api/v1/namespaces/${namespace}/serviceaccounts/one/token`,
      {
        method: 'POST',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
      },
    )
  ).status.token
  const toldBefore = world.told.length
  await world.profiles.replaceToken({ id: made.id, token: again }, world.admin)
  expect(world.told.slice(toldBefore)).toEqual([])
  expect((await world.upstreams.spend(access)).authorization).toBe(`Bearer ${again}`)

  await world.profiles.replaceToken({ id: made.id, token: other }, world.admin)
  expect(world.told.slice(toldBefore)).toEqual([{ kind: 'credential', id: made.id }])
  expect((await world.upstreams.spend(access)).authorization).toBe(`Bearer ${other}`)
})

test('an expired or unreadable token is bad input', async () => {
  const id = unique('pasted')
  await world.clusters.register({ id, name: 'Pasted', ...reach() }, world.admin)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const expired = `${part({ alg: 'none' })}.${part({ sub: 'x', exp: 1_000_000_000 })}.x`
  for (const token of [expired, 'two words', 'line\nbreak', 'ünïcode'])
    await expect(
      world.profiles.createStatic({ clusterId: id, name: 'p', token }, world.admin),
    ).rejects.toMatchObject({ fields: { token: expect.anything() } })
})

test('a removed cluster takes its profiles along and is told to everyone', async () => {
  const id = await importNow()
  const profiles = await world.profiles.list({ clusterId: id }, world.admin)
  const [viewer] = profiles
  if (!viewer) throw new Error('no profile')
  const access = world.access(id, viewer)
  const spent = await world.upstreams.spend(access)
  await world.clusters.remove({ id }, world.admin)
  expect(world.told).toContainEqual({ kind: 'cluster', id })
  for (const { id } of profiles) expect(world.told).toContainEqual({ kind: 'profile', id })
  await expect(async () => world.upstreams.spend(access)).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(callJson(spent.target, { method: 'GET', path: '/version' })).rejects.toThrow()
  await expect(world.profiles.list({ clusterId: id }, world.admin)).rejects.toMatchObject({
    code: 'not_found',
  })
})
