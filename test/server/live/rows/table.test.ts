import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { projectionOf } from '../../../../server/live/rows/index.ts'
import { connectCluster, type Namespace } from '../../../support/cluster/client.ts'
import { listed, pathOf, rowsIn, watched } from '../../../support/row-items.ts'

const cluster = connectCluster(inject('cluster'))
let namespace: Namespace
let kind: { group: string; version: string; resource: string }

beforeAll(async () => {
  namespace = await cluster.namespace('tables')
  const group = `${namespace.name}.example.org`
  kind = { group, version: 'v1', resource: 'shops' }
  const column = (name: string, type: string, jsonPath: string, priority = 0) => ({
    name,
    type,
    jsonPath,
    priority,
  })
  await cluster.api.want('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    method: 'POST',
    body: {
      metadata: { name: `shops.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'shops', singular: 'shop', kind: 'Shop' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
            additionalPrinterColumns: [
              column('Phase', 'string', '.phase'),
              column('Size', 'integer', '.size'),
              column('Owner Team', 'string', '.team', 1),
              column('Age', 'date', '.metadata.creationTimestamp'),
            ],
          },
        ],
      },
    },
  })
  await cluster.kubectlOutput([
    'wait',
    `crd/shops.${group}`,
    '--for=condition=Established',
    '--timeout=30s',
  ])
  await make({ name: 'one', phase: 'Ready', size: 3, team: 'blue', labels: { tier: 'front' } })
  await make({ name: 'two', phase: 'SyncFailed' })
})

afterAll(async () => {
  await cluster.kubectl(['delete', 'crd', `shops.${kind.group}`, '--wait=false'])
  await namespace.remove()
  cluster.api.close()
})

interface Shop {
  readonly name: string
  readonly labels?: object
  readonly [field: string]: unknown
}

const make = ({ name, labels, ...fields }: Shop) =>
  cluster.api.want(pathOf(kind, namespace.name), {
    method: 'POST',
    body: {
      apiVersion: `${kind.group}/v1`,
      kind: 'Shop',
      metadata: { name, labels },
      ...fields,
    },
  })

const columns = [
  { id: 'phase', title: 'Phase', type: 'status' },
  { id: 'size', title: 'Size', type: 'number' },
  { id: 'owner-team', title: 'Owner Team', type: 'text', extra: true },
  { id: 'age', title: 'Age', type: 'age' },
]

test('a custom resource has the columns that its definition names', async () => {
  const projection = projectionOf(kind)
  expect(projection.columns).toEqual([])
  const items = await listed(cluster.handle, kind, projection)
  expect(items[0]).toEqual({ type: 'columns', columns })
  expect(projection.columns).toEqual(columns)
  expect(rowsIn(items)).toEqual([
    expect.objectContaining({
      name: 'one',
      namespace: namespace.name,
      labels: { tier: 'front' },
      tone: 'ok',
      status: 'Ready',
      cells: [{ text: 'Ready', tone: 'ok' }, 3, 'blue', expect.any(Number)],
    }),
    expect.objectContaining({
      name: 'two',
      tone: 'failed',
      cells: [{ text: 'SyncFailed', tone: 'failed' }, null, null, expect.any(Number)],
    }),
  ])
  expect(items.at(-1)).toMatchObject({ type: 'list', version: expect.stringMatching(/^\d+$/) })
})

test('a watch begins with everything, and says when that is all', async () => {
  const items = await watched(cluster.handle, kind)
  expect(items.map((it) => it.type)).toEqual(['columns', 'added', 'added', 'bookmark'])
  expect(rowsIn(items).map((it) => it.name)).toEqual(['one', 'two'])
})

test('a watch goes on where the list ended, with its columns', async () => {
  const projection = projectionOf(kind)
  const end = (await listed(cluster.handle, kind, projection)).at(-1)
  const version = end?.type === 'list' ? end.version : ''
  await make({ name: 'three', phase: 'Pending' })
  await cluster.kubectlOutput(['-n', namespace.name, 'delete', `shops.${kind.group}`, 'three'])
  const items = await watched(cluster.handle, kind, {
    projection,
    version,
    until: (it) => it.type === 'deleted',
  })
  expect(items.map((it) => it.type)).toEqual(['added', 'deleted'])
  expect(rowsIn(items)[0]).toMatchObject({ name: 'three', status: 'Pending', tone: 'progress' })
})

test('a watch from a version that is forgotten says so as protobuf and as JSON', async () => {
  const isError = (it: { readonly type: string }) => it.type === 'error'
  for (const old of [kind, { group: '', version: 'v1', resource: 'pods' }]) {
    const [error] = await watched(cluster.handle, old, { version: '1', until: isError })
    expect(error).toMatchObject({ type: 'error', code: 410, reason: 'Expired' })
  }
})

test('a server that cannot print still has its objects shown by name and age', () => {
  const reader = projectionOf(kind).listReader()
  const metadata = { name: 'plain', uid: 'u1', creationTimestamp: '2026-01-02T03:04:05Z' }
  const list = { kind: 'ShopList', metadata: { resourceVersion: '7' }, items: [{ metadata }] }
  reader.push(Buffer.from(JSON.stringify(list)))
  expect(reader.end()).toEqual([
    { type: 'columns', columns: [{ id: 'age', title: 'Age', type: 'age' }] },
    { type: 'added', row: expect.objectContaining({ name: 'plain', cells: [1767323045000] }) },
    { type: 'list', version: '7', continue: undefined },
  ])
})
