import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openDesk, type Clerk, type Desk } from './desk.ts'

let desk: Desk
let developer: Clerk
let boss: Clerk
beforeAll(async () => {
  desk = await openDesk()
  developer = await desk.clerk('developer', { namespaces: [desk.namespace] })
  boss = await desk.clerk('admin')
})
afterAll(() => desk.stop())

const extensions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

const definition = (plural: string, kind: string, scope: string) => ({
  metadata: {
    name: `${plural}.metrics.k8s.io`,
    annotations: { 'api-approved.kubernetes.io': 'unapproved, of a test' },
  },
  spec: {
    group: 'metrics.k8s.io',
    scope,
    names: { plural, kind, listKind: `${kind}List` },
    versions: [{ name: 'v1beta1', served: true, storage: true, schema: { openAPIV3Schema: free } }],
  },
})

const podsOf = (clerk: Clerk, ...names: readonly [string, string][]) =>
  clerk.api.metrics.pods({
    ...clerk.place,
    pods: names.map(([namespace, name]) => ({ namespace, name })),
  })

describe('usage', () => {
  test('is unavailable where nobody measures, and says so', async () => {
    for (const answer of [
      await boss.api.metrics.nodes(boss.place),
      await podsOf(boss, [desk.namespace, 'web']),
    ])
      expect(answer).toMatchObject({
        status: 'unavailable',
        reason: expect.stringContaining('no metrics server') as string,
      })
  })

  test('of nodes is not for whoever has namespaces only', async () => {
    expect(await developer.api.metrics.nodes(developer.place)).toMatchObject({
      status: 'unavailable',
      reason: expect.stringContaining('outside the scope') as string,
    })
    expect((await desk.records(developer, 'metrics.nodes'))[0]).toMatchObject({
      result: 'refused',
      verb: 'list',
      group: 'metrics.k8s.io',
      resource: 'nodes',
    })
  })

  test('is what the metrics API says of the pods that were asked for', async () => {
    const kinds = [
      definition('nodes', 'NodeMetrics', 'Cluster'),
      definition('pods', 'PodMetrics', 'Namespaced'),
    ]
    const api = '/apis/metrics.k8s.io/v1beta1'
    const node = desk.namespace
    try {
      for (const it of kinds) await desk.make(extensions, it)
      for (const it of ['nodes', 'pods'])
        await vi.waitUntil(
          async () => (await desk.world.cluster.api.call(`${api}/${it}`)).status === 200,
          { timeout: 30_000 },
        )
      const measured = (namespace: string, name: string) =>
        desk.make(`${api}/namespaces/${namespace}/pods`, {
          apiVersion: 'metrics.k8s.io/v1beta1',
          kind: 'PodMetrics',
          metadata: { name },
          timestamp: '2026-11-22T08:00:00Z',
          containers: [
            { name: 'a', usage: { cpu: '1500000n', memory: '2Ki' } },
            { name: 'b', usage: { cpu: '250m', memory: '1Mi' } },
          ],
        })
      await measured(desk.namespace, 'web')
      await measured(desk.namespace, 'unasked')
      await measured(desk.other, 'db')
      await desk.make(`${api}/nodes`, {
        apiVersion: 'metrics.k8s.io/v1beta1',
        kind: 'NodeMetrics',
        metadata: { name: node },
        timestamp: '2026-11-22T08:00:00Z',
        usage: { cpu: '2', memory: '1Gi' },
      })
      expect(await podsOf(developer, [desk.namespace, 'web'], [desk.namespace, 'none'])).toEqual({
        status: 'measured',
        at: '2026-11-22T08:00:00Z',
        items: [
          {
            namespace: desk.namespace,
            name: 'web',
            cpu: 251.5,
            memory: 1_050_624,
            containers: [
              { name: 'a', cpu: 1.5, memory: 2048 },
              { name: 'b', cpu: 250, memory: 1_048_576 },
            ],
          },
        ],
      })
      expect(await podsOf(developer, [desk.other, 'db'])).toMatchObject({ status: 'unavailable' })
      const nodes = await boss.api.metrics.nodes(boss.place)
      expect(nodes.status === 'measured' && nodes.items).toContainEqual({
        name: node,
        cpu: 2000,
        memory: 1_073_741_824,
        containers: [],
      })
    } finally {
      for (const { metadata } of kinds)
        await desk.world.cluster.api.call(`${extensions}/${metadata.name}`, { method: 'DELETE' })
    }
  })
})
