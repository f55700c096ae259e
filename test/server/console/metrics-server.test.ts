import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Preset } from '#gateway/grants.ts'
import type { Gateway } from '#gateway'
import type { Place } from '#gateway/place.ts'
import { startCluster, type Cluster } from '../../support/cluster/index.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { openWorld, type World } from '../../support/world.ts'

let cluster: Cluster
let world: World
let namespace: string

interface Clerk {
  readonly api: Gateway
  readonly place: Place
}
let viewer: Clerk
let narrow: Clerk

/** Works as hard as it may; a fifth of a CPU, so that the tests beside it go on. */
const busy = realPod('busy', {
  script: 'while :; do :; done',
  container: { resources: { limits: { cpu: '200m', memory: '64Mi' } } },
})
const idle = realPod('idle', { script: 'exec sleep 3600' })

describe('with a real metrics server', () => {
  beforeAll(async () => {
    cluster = await startCluster({ node: true, kwokNodes: 0, metrics: true })
    const made = await cluster.namespace('usage')
    namespace = made.name
    for (const it of [busy, idle]) await createPod(cluster, namespace, it)
    world = await openWorld({ cluster: cluster.handle })
    viewer = await clerk('viewer')
    narrow = await clerk('viewer', [namespace])
  }, 600_000)
  afterAll(async () => {
    await world?.stop()
    await cluster?.stop()
  })

  async function clerk(preset: Preset, namespaces?: string[]): Promise<Clerk> {
    const { token } = await world.person([preset], namespaces && { namespaces })
    return { api: world.gateway.as(token), place: { cluster: world.id, profile: preset } }
  }

  const podsOf = ({ api, place }: Clerk, ...names: string[]) =>
    api.metrics.pods({ ...place, pods: names.map((name) => ({ namespace, name })) })

  test('a pod that works all the time is told with what it uses, and with when that was', async () => {
    const usage = await vi.waitUntil(
      async () => {
        const answer = await podsOf(narrow, 'busy', 'idle')
        // The first measurement of a container may hold but a part of a second.
        const measured = answer.status === 'measured' && answer.items.length === 2 && answer
        const busiest = measured && measured.items.find((it) => it.name === 'busy')
        return busiest && busiest.cpu > 100 && { ...measured, busiest }
      },
      { timeout: 60_000, interval: 500 },
    )
    const { busiest, items, at } = usage
    expect(busiest.cpu).toBeLessThan(300)
    expect(busiest.memory).toBeGreaterThan(10 * 1024)
    expect(busiest.memory).toBeLessThan(64 * 1024 * 1024)
    expect(busiest).toEqual({
      namespace,
      name: 'busy',
      cpu: busiest.cpu,
      memory: busiest.memory,
      containers: [{ name: 'main', cpu: busiest.cpu, memory: busiest.memory }],
    })
    expect(items.find((it) => it.name === 'idle')?.cpu).toBeLessThan(20)
    expect(Math.abs(Date.now() - Date.parse(at))).toBeLessThan(60_000)
  })

  test('the node uses at least what that pod does, and no more than it has', async () => {
    const answer = await viewer.api.metrics.nodes(viewer.place)
    if (answer.status !== 'measured') throw new Error(answer.reason)
    const { allocatable } = (
      await cluster.api.want<{ status: { allocatable: Record<string, string> } }>(
        '/api/v1/nodes/real-1',
      )
    ).status
    expect(answer.items.map((it) => it.name)).toEqual(['real-1'])
    expect(answer.items[0]?.cpu).toBeGreaterThan(100)
    expect(answer.items[0]?.cpu).toBeLessThan(Number(allocatable['cpu']) * 1100)
    expect(answer.items[0]?.memory).toBeGreaterThan(64 * 1024 * 1024)
  })

  test('who may see one namespace is told neither of nodes nor of pods elsewhere', async () => {
    const outside = { status: 'unavailable', reason: expect.stringContaining('outside the scope') }
    expect(await narrow.api.metrics.nodes(narrow.place)).toMatchObject(outside)
    const elsewhere = [{ namespace: 'default', name: 'busy' }]
    expect(await narrow.api.metrics.pods({ ...narrow.place, pods: elsewhere })).toMatchObject(
      outside,
    )
  })

  test('a metrics server that is not reached, and one that is gone, are said', async () => {
    const told = (words: string) =>
      vi.waitUntil(
        async () => {
          const answer = await podsOf(viewer, 'busy')
          return answer.status === 'unavailable' && answer.reason.includes(words)
        },
        { timeout: 30_000, interval: 200 },
      )
    const slices = '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices/metrics-server'
    await cluster.api.want(slices, { method: 'DELETE' })
    await told('does not answer')
    const service = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io'
    await cluster.api.want(service, { method: 'DELETE' })
    await told('has no metrics server')
  })
})
