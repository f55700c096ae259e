import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { projectionOf } from '../../../../server/live/rows/index.ts'
import { modelledKinds, modelOf } from '../../../../server/live/rows/models.ts'
import type { ProjectedRow } from '../../../../server/live/rows/projection.ts'
import { rowOf } from '../../../../server/live/rows/row.ts'
import { connectCluster, type Namespace } from '../../../support/cluster/client.ts'
import { applyAll, everyKind, removeClusterWide } from '../../../support/every-kind.ts'
import { listed, pathOf, rowsIn, watched } from '../../../support/row-items.ts'

const cluster = connectCluster(inject('cluster'))
let namespace: Namespace

beforeAll(async () => {
  namespace = await cluster.namespace('rows')
  await applyAll(cluster, namespace.name, everyKind(namespace.name))
  await wait('deployment/web', 'condition=Available')
  await wait('hpa/web', 'condition=AbleToScale')
})

const wait = (what: string, until: string) =>
  cluster.kubectlOutput(['-n', namespace.name, 'wait', what, `--for=${until}`, '--timeout=60s'])

const waitingReason = '{.status.initContainerStatuses[1].state.waiting.reason}'

afterAll(async () => {
  await removeClusterWide(cluster, namespace.name)
  await namespace.remove()
  cluster.api.close()
})

type Kind = (typeof modelledKinds)[number]

/** Rows of the same objects from JSON, by uid. */
async function fromJson(kind: Kind): Promise<Map<string, ProjectedRow>> {
  const model = modelOf(kind)
  if (!model) throw new Error('there is no model')
  const { items } = await cluster.api.want<{ items: object[] }>(pathOf(kind))
  return new Map(items.map((it) => rowOf(model, it)).map((it) => [it.uid, it]))
}

test.each(modelledKinds)(
  '$group $resource are the same from protobuf and from JSON',
  async (kind) => {
    const [items, events, json] = [
      await listed(cluster.handle, kind),
      await watched(cluster.handle, kind),
      await fromJson(kind),
    ]
    // What changed in between is another object; the same version must be the same row.
    const same = (rows: readonly ProjectedRow[]) =>
      rows.filter(({ uid, version }) => json.get(uid)?.version === version)
    const rows = same(rowsIn(items))
    expect(rows.length).toBeGreaterThan(0)
    for (const row of [...rows, ...same(rowsIn(events))]) expect(row).toEqual(json.get(row.uid))
    expect(items.at(-1)).toMatchObject({ type: 'list', continue: undefined })
    expect(events).toContainEqual(expect.objectContaining({ type: 'bookmark', initialEnd: true }))
  },
)

test.each(modelledKinds)('$group $resource fill the columns they have', async (kind) => {
  const { columns, sums } = projectionOf(kind)
  for (const row of rowsIn(await listed(cluster.handle, kind))) {
    expect(row.cells).toHaveLength(columns.length)
    expect(row.sums ?? []).toHaveLength(sums.length)
    row.cells.forEach((cell, index) => {
      if (cell !== null) expect(typeof cell).toBe(cellTypes[columns[index]?.type ?? 'text'])
    })
  }
})

const cellTypes = {
  text: 'string',
  number: 'number',
  age: 'number',
  status: 'object',
  bricks: 'string',
  bytes: 'number',
  cpu: 'number',
} as const

test('ids of columns are never twice in a kind, and no sum lacks its place', () => {
  for (const kind of modelledKinds) {
    const { columns, sums } = projectionOf(kind)
    const ids = columns.map((it) => it.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).not.toContain('name')
    expect(new Set(sums).size).toBe(sums.length)
  }
})

interface Table {
  readonly columnDefinitions: readonly { readonly name: string }[]
  readonly rows: readonly {
    readonly cells: readonly unknown[]
    readonly object: {
      readonly metadata: { readonly uid: string; readonly resourceVersion: string }
    }
  }[]
}

/** What kubectl shows in a column, by uid and version. */
async function printed(kind: Kind, title: string): Promise<Map<string, unknown>> {
  const { columnDefinitions, rows } = await cluster.api.want<Table>(pathOf(kind), {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  })
  const index = columnDefinitions.findIndex((it) => it.name === title)
  return new Map(
    rows.map(({ cells, object: { metadata } }) => [
      `${metadata.uid} ${metadata.resourceVersion}`,
      cells[index],
    ]),
  )
}

const core = { group: '', version: 'v1' }

test.each([
  { kind: { ...core, resource: 'pods' }, title: 'Status', id: 'status' },
  { kind: { ...core, resource: 'pods' }, title: 'Ready', id: 'ready' },
  { kind: { ...core, resource: 'pods' }, title: 'IP', id: 'ip' },
  { kind: { ...core, resource: 'nodes' }, title: 'Status', id: 'status' },
  { kind: { ...core, resource: 'nodes' }, title: 'Version', id: 'version' },
  { kind: { ...core, resource: 'services' }, title: 'Port(s)', id: 'ports' },
  { kind: { ...core, resource: 'persistentvolumeclaims' }, title: 'Status', id: 'status' },
  { kind: { group: 'apps', version: 'v1', resource: 'deployments' }, title: 'Ready', id: 'ready' },
])('$title of $kind.resource is what kubectl prints', async ({ kind, title, id }) => {
  const words = await printed(kind, title)
  const place = projectionOf(kind).columns.findIndex((it) => it.id === id)
  const rows = rowsIn(await listed(cluster.handle, kind))
  const compared = rows.filter(({ uid, version }) => words.has(`${uid} ${version}`))
  expect(compared.length).toBeGreaterThan(0)
  for (const { uid, version, cells, name } of compared) {
    const cell = cells[place]
    const text = typeof cell === 'object' ? (cell?.text ?? '<none>') : cell
    expect([name, text]).toEqual([name, words.get(`${uid} ${version}`)])
  }
})

test('a pod whose preparation fails says which part failed, how, and with which last words', async () => {
  const kind = { ...core, resource: 'pods' }
  const { columns } = projectionOf(kind)
  await wait('pod/preparing', `jsonpath=${waitingReason}=CrashLoopBackOff`)
  const row = rowsIn(await listed(cluster.handle, kind)).find(
    (it) => it.name === 'preparing' && it.namespace === namespace.name,
  )
  expect(row).toMatchObject({
    tone: 'failed',
    status: expect.stringMatching(/^Init:(Error|CrashLoopBackOff)$/),
  })
  const status = row?.cells[columns.findIndex((it) => it.id === 'status')]
  expect(status).toHaveProperty(
    'reason',
    expect.stringMatching(/first: .*exit code 3: no database/),
  )
  // The sidecar goes on beside the largest step, so both count.
  expect(row?.cells[columns.findIndex((it) => it.id === 'cpuRequests')]).toBe(210)
})

test('of a Secret only the keys are read', async () => {
  const items = await listed(cluster.handle, { ...core, resource: 'secrets' })
  const row = rowsIn(items).find((it) => it.namespace === namespace.name)
  expect(row?.cells).toContain('password, user')
  expect(JSON.stringify(items)).not.toContain('never shown')
  expect(JSON.stringify(items)).not.toContain(Buffer.from('never shown').toString('base64'))
})
