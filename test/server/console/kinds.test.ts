import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openDesk, type Clerk, type Desk } from './desk.ts'

let desk: Desk
let viewer: Clerk
beforeAll(async () => {
  desk = await openDesk()
  viewer = await desk.clerk('viewer')
})
afterAll(() => desk.stop())

const extensions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

function definition() {
  const plural = `things${randomBytes(3).toString('hex')}`
  const group = 'console.gatehouse.test'
  const names = {
    plural,
    singular: plural.slice(0, -1),
    kind: `Thing${plural}`,
    shortNames: ['tg'],
  }
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  }
  return {
    group,
    plural,
    name: `${plural}.${group}`,
    body: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Cluster',
        names,
        versions: [
          { name: 'v1beta1', served: true, storage: false, schema },
          { name: 'v1', served: true, storage: true, schema },
        ],
      },
    },
  }
}

test('every kind is listed once, at its preferred version, with what the cluster serves of it', async () => {
  const { kinds, incomplete, version } = await viewer.api.kinds.list(viewer.place)
  const deployments = kinds.filter((it) => it.resource === 'deployments')
  expect(deployments).toMatchObject([
    { group: 'apps', version: 'v1', kind: 'Deployment', namespaced: true, shortNames: ['deploy'] },
  ])
  expect(deployments[0]?.subresources).toEqual(['scale', 'status'])
  const names = kinds.map((it) => `${it.resource}.${it.group}`)
  expect(names).toHaveLength(new Set(names).size)
  const served = await desk.world.cluster.kubectlOutput([
    'api-resources',
    '--no-headers',
    '-o',
    'name',
  ])
  const known = served
    .trim()
    .split('\n')
    .map((it) => (it.includes('.') ? it : `${it}.`))
  // Other tests register kinds of their own meanwhile.
  const lasting = known.filter((it) => !/gatehouse\.test|metrics\.k8s\.io/.test(it))
  expect(lasting.filter((it) => !names.includes(it))).toEqual([])
  expect(incomplete).toEqual([])
  expect(version).toMatch(/^v1\.\d+/)
})

test('a kind that is registered later is found within ten seconds, and by its name at once', async () => {
  await viewer.api.kinds.list(viewer.place)
  const { group, plural, name, body } = definition()
  await desk.make(extensions, body)
  const began = performance.now()
  try {
    await vi.waitUntil(
      async () =>
        (await viewer.api.kinds.list(viewer.place)).kinds.find((it) => it.resource === plural),
      { timeout: 10_000, interval: 200 },
    )
    expect(performance.now() - began).toBeLessThan(10_000)
    const found = await viewer.api.objects.find({ ...viewer.place, group, resource: plural })
    expect(found).toMatchObject({ version: 'v1', namespaced: false, kind: `Thing${plural}` })
  } finally {
    await desk.world.cluster.api.want(`${extensions}/${name}`, { method: 'DELETE' })
  }
  const unknown = viewer.api.objects.find({ ...viewer.place, group, resource: 'nothing' })
  await expect(unknown).rejects.toMatchObject({ code: 'not_found' })
})

test('the schema of a group and version is the cluster’s own', async () => {
  const { document } = await viewer.api.kinds.schema({
    ...viewer.place,
    group: 'apps',
    version: 'v1',
  })
  expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\./) as string })
  expect(JSON.stringify(document)).toContain('io.k8s.api.apps.v1.Deployment')
  const core = await viewer.api.kinds.schema({ ...viewer.place, group: '', version: 'v1' })
  expect(JSON.stringify(core.document)).toContain('io.k8s.api.core.v1.Pod')
  const missing = viewer.api.kinds.schema({ ...viewer.place, group: 'no.such', version: 'v1' })
  await expect(missing).rejects.toMatchObject({ code: 'not_found' })
})

test('without a grant a cluster tells nothing, in the same words as one that does not exist', async () => {
  const stranger = await desk.stranger('viewer')
  const refused = await stranger.api.kinds.list(stranger.place).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'forbidden' })
  const other = { cluster: 'nowhere', profile: 'viewer' }
  const unknown = await stranger.api.kinds.list(other).catch((error: unknown) => error)
  expect(unknown).toMatchObject({
    code: 'forbidden',
    message: (refused as Error).message.replaceAll('"test"', '"nowhere"'),
  })
  const records = await desk.records(stranger, 'kinds.list', 2)
  expect(records.map((it) => [it.phase, it.result, it.cluster, it.profile])).toEqual([
    ['event', 'refused', 'test', 'viewer'],
    ['event', 'refused', 'nowhere', 'viewer'],
  ])
})
