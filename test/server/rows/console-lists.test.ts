import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Gateway } from '#gateway'
import type { Place } from '#gateway/place.ts'
import { realNodeName } from '../../support/cluster/node.ts'
import type { Namespace } from '../../support/cluster/client.ts'
import { applyAll, everyKind, removeClusterWide } from '../../support/every-kind.ts'
import { openWorld, type World } from '../../support/world.ts'
import { list, type Listed } from './listing.ts'

interface Clerk {
  readonly api: Gateway
  readonly token: string
  readonly place: Place
}

let world: World
let namespace: Namespace
let boss: Clerk

const core = { group: '', version: 'v1' }
const apps = { group: 'apps', version: 'v1' }
const batch = { group: 'batch', version: 'v1' }
const networking = { group: 'networking.k8s.io', version: 'v1' }
const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' }
const storage = { group: 'storage.k8s.io', version: 'v1' }
const scaling = { group: 'autoscaling', version: 'v2' }

beforeAll(async () => {
  world = await openWorld()
  const { cluster, gateway } = world
  namespace = await cluster.namespace('lists')
  const { name } = namespace
  await applyAll(cluster, name, everyKind(name))
  const kinds = labelled
    .map((it) => (it.group === '' ? it.resource : `${it.resource}.${it.group}`))
    .join(',')
  await cluster.kubectlOutput(['-n', name, 'label', kinds, '--all', 'row=here'])
  await cluster.kubectlOutput([
    '-n',
    name,
    'wait',
    'deployment/web',
    '--for=condition=Available',
    '--timeout=60s',
  ])
  const { token } = await world.person(['admin'])
  const place = { cluster: world.id, profile: 'admin' }
  boss = { api: gateway.as(token), token, place }
})
afterAll(async () => {
  await removeClusterWide(world.cluster, namespace.name)
  await namespace.remove()
  await world.stop()
})

/** The kinds that S1-F32 filters by labels. */
const labelled = [
  { ...core, resource: 'pods' },
  { ...apps, resource: 'deployments' },
  { ...apps, resource: 'statefulsets' },
  { ...apps, resource: 'daemonsets' },
  { ...batch, resource: 'cronjobs' },
  { ...batch, resource: 'jobs' },
  { ...scaling, resource: 'horizontalpodautoscalers' },
  { ...core, resource: 'services' },
  { ...networking, resource: 'ingresses' },
  { ...networking, resource: 'networkpolicies' },
  { ...core, resource: 'configmaps' },
  { ...core, resource: 'secrets' },
]

const number = expect.any(Number) as number
const text = expect.any(String) as string
const status = (word: string) => ({ text: word, tone: expect.any(String) as string })

/** What S1-F31 lists of each kind in a namespace, by our columns. */
const inNamespace: readonly (Listed & { name: string; cells: object })[] = [
  {
    ...core,
    resource: 'pods',
    name: 'preparing',
    cells: {
      status: { text: expect.stringMatching(/^Init:/), tone: text },
      ip: text,
      node: realNodeName,
    },
  },
  {
    ...apps,
    resource: 'deployments',
    name: 'web',
    cells: { desired: 2, readyReplicas: 2, status: status('Ready') },
  },
  {
    ...apps,
    resource: 'statefulsets',
    name: 'data',
    cells: { desired: 1, readyReplicas: number, service: 'data', age: number },
  },
  {
    ...apps,
    resource: 'daemonsets',
    name: 'agent',
    cells: {
      desired: number,
      readyReplicas: number,
      available: number,
      nodeSelector: expect.stringContaining('='),
      age: number,
    },
  },
  {
    ...batch,
    resource: 'cronjobs',
    name: 'nightly',
    cells: { schedule: '0 3 * * *', suspend: 'yes', active: 0, lastSchedule: null },
  },
  {
    ...batch,
    resource: 'jobs',
    name: 'once',
    cells: {
      completions: '0/3',
      succeeded: 0,
      failed: 0,
      active: 0,
      startedAt: null,
      completedAt: null,
    },
  },
  {
    ...scaling,
    resource: 'horizontalpodautoscalers',
    name: 'web',
    cells: {
      target: 'Deployment/web',
      targetKind: 'Deployment',
      min: 1,
      max: 5,
      replicas: number,
      desired: number,
    },
  },
  {
    ...core,
    resource: 'services',
    name: 'web',
    cells: { type: 'ClusterIP', clusterIP: expect.stringMatching(/^10\./), age: number },
  },
  {
    ...networking,
    resource: 'ingresses',
    name: 'web',
    cells: { hosts: 'shop.example.org', address: null },
  },
  {
    ...networking,
    resource: 'networkpolicies',
    name: 'closed',
    cells: { selector: '*', types: 'Ingress, Egress', ingress: 2, egress: 0 },
  },
  {
    ...core,
    resource: 'configmaps',
    name: 'settings',
    cells: { keys: 3, keyNames: 'a.yaml, b, c' },
  },
  {
    ...core,
    resource: 'secrets',
    name: 'password',
    cells: { type: 'example.org/password', keys: 2, keyNames: 'password, user' },
  },
  {
    ...core,
    resource: 'persistentvolumeclaims',
    name: 'disk',
    cells: { status: status('Pending'), class: 'missing' },
  },
  { ...core, resource: 'serviceaccounts', name: 'robot', cells: { secrets: 0 } },
  { ...rbac, resource: 'roles', name: 'reader', cells: { rules: 2 } },
  {
    ...rbac,
    resource: 'rolebindings',
    name: 'readers',
    cells: { role: 'Role/reader', subjects: expect.stringContaining('User ada@example.org') },
  },
]

// S1-F31, S1-T13
describe('a list in a namespace', () => {
  test.each(inNamespace)('of $resource tells what it is asked for', async (it) => {
    const { name, cells, ...kind } = it
    const { rows, freshness } = await list(
      world.gateway,
      boss,
      { ...kind, namespaces: [namespace.name] },
      (listing) => listing.rows.some((row) => row.name === name && hasAll(row.cells, cells)),
    )
    expect(freshness).toMatchObject([{ status: 'live', namespace: namespace.name }])
    const row = rows.find((one) => one.name === name)
    expect(row).toMatchObject({ namespace: namespace.name, name, cells })
  })

  test('of events has the newest first, each with the object that it is about', async () => {
    const asked = { resource: 'events', namespaces: [namespace.name] }
    const { rows } = await list(world.gateway, boss, asked, (it) => it.total > 2)
    const times = rows.map((it) => Number(it.cells['lastSeen']))
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(new Set(times).size).toBeGreaterThan(1)
    for (const { cells } of rows) {
      expect(cells['object']).toMatch(/^[A-Z]\w+\/\S+$/)
      expect(cells).toMatchObject({ status: { text: expect.stringMatching(/^(Normal|Warning)$/) } })
      expect(cells).toMatchObject({ reason: text, message: text })
    }
  })

  test.each(['', 'events.k8s.io'])(
    'of events of the group "%s" is in another order when one is asked for',
    async (group) => {
      const asked = { group, resource: 'events', namespaces: [namespace.name] }
      const sort = [{ column: 'lastSeen', descending: false }]
      const timesOf = async (more: object) => {
        const { rows } = await list(
          world.gateway,
          boss,
          { ...asked, ...more },
          (it) => it.total > 2,
        )
        return rows.map((it) => Number(it.cells['lastSeen']))
      }
      const [newest, oldest] = [await timesOf({}), await timesOf({ sort })]
      expect(newest).toEqual(newest.toSorted((a, b) => b - a))
      expect(oldest).toEqual(oldest.toSorted((a, b) => a - b))
    },
  )

  test('of Secrets carries no value, neither plain nor encoded', async () => {
    const told = await list(world.gateway, boss, {
      resource: 'secrets',
      namespaces: [namespace.name],
    })
    expect(told.text).toContain('password, user')
    for (const value of ['never shown', Buffer.from('never shown').toString('base64')])
      expect(told.text).not.toContain(value)
  })

  test('carries the labels of each row', async () => {
    const told = await list(world.gateway, boss, {
      ...apps,
      resource: 'deployments',
      namespaces: [namespace.name],
    })
    expect(told.rows.find((it) => it.name === 'web')?.labels).toEqual({
      app: 'web',
      'app.kubernetes.io/part-of': 'shop',
      row: 'here',
    })
  })
})

/** A cell that has not come so far yet is waited for; the comparison itself is the test’s. */
function hasAll(cells: object, wanted: object): boolean {
  try {
    expect(cells).toMatchObject(wanted)
    return true
  } catch {
    return false
  }
}

// S1-F32
test.each(labelled)('$resource are filtered by labels', async (kind) => {
  const asked = { ...kind, namespaces: [namespace.name] }
  const here = await list(world.gateway, boss, { ...asked, labels: 'row=here' })
  expect(here.total).toBeGreaterThan(0)
  for (const it of here.rows) expect(it.labels).toMatchObject({ row: 'here' })
  const gone = await list(world.gateway, boss, { ...asked, labels: 'row,row!=here' })
  expect([gone.total, gone.rows]).toEqual([0, []])
  expect(gone.all).toBeGreaterThanOrEqual(here.total)
})

// S1-F26
test('nodes tell their state, role, version, system, and what they have and leave for pods', async () => {
  const { rows } = await list(world.gateway, boss, { resource: 'nodes' })
  const real = rows.find((it) => it.name === realNodeName)
  expect(real).toMatchObject({
    tone: 'ok',
    cells: {
      status: { text: 'Ready', tone: 'ok' },
      roles: 'worker',
      version: expect.stringMatching(/^v1\.36/),
      os: text,
      cpu: number,
      memory: number,
      cpuAllocatable: number,
      memoryAllocatable: number,
      age: number,
    },
  })
})

// S1-F38
test.each([
  {
    ...core,
    resource: 'persistentvolumes',
    cells: { capacity: 10 * 2 ** 30, reclaim: 'Retain', class: 'slow', claim: text },
  },
  { ...storage, resource: 'storageclasses', cells: { provisioner: 'example.org/disk' } },
  { ...rbac, resource: 'clusterroles', cells: { rules: 0, aggregates: 'to-web=yes' } },
  { ...rbac, resource: 'clusterrolebindings', cells: { subjects: 'Group staff' } },
])('$resource of the whole cluster are listed', async ({ cells, ...kind }) => {
  const { rows } = await list(world.gateway, boss, kind)
  expect(rows.find((it) => it.name === namespace.name)).toMatchObject({ cells })
})

/** What S1-F37 and S1-F38 delete; the last are asked for by their name. */
const deleted = [
  ...inNamespace.filter((it) => it.resource !== 'pods'),
  { ...core, resource: 'pods', name: 'preparing' },
]
const clusterWide = [
  { ...storage, resource: 'storageclasses' },
  { ...rbac, resource: 'clusterrolebindings' },
  { ...rbac, resource: 'clusterroles' },
]

describe('deleting', () => {
  const isGone = (ref: Parameters<Gateway['objects']['get']>[0]) =>
    boss.api.objects.get(ref).then(
      ({ object }) => {
        const { deletionTimestamp } = object['metadata'] as { deletionTimestamp?: string }
        return deletionTimestamp !== undefined
      },
      (error: unknown) => (error as { code?: string }).code === 'not_found',
    )

  // S1-F37
  test.each(deleted)(
    '$resource says what becomes of it',
    async ({ group, version, resource, name }) => {
      const kind = { group: group ?? '', version: version ?? 'v1', resource }
      const ref = { ...boss.place, ...kind, namespace: namespace.name, name }
      const { status: word, message } = await boss.api.objects.remove(ref)
      expect(['deleted', 'deleting']).toContain(word)
      expect(message).toContain(name)
      await vi.waitUntil(() => isGone(ref), { timeout: 30_000 })
    },
  )

  // S1-F38
  test.each(clusterWide)('$resource needs the name, typed', async (kind) => {
    const ref = { ...boss.place, ...kind, name: namespace.name }
    const unsaid = boss.api.objects.remove(ref)
    await expect(unsaid).rejects.toMatchObject({ code: 'invalid_input', fields: { confirm: text } })
    expect(await isGone(ref)).toBe(false)
    await boss.api.objects.remove({ ...ref, confirm: namespace.name })
    await vi.waitUntil(() => isGone(ref), { timeout: 30_000 })
  })
})
