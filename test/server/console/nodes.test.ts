import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { DrainPod, planOf } from '../../../server/services/drain-plan.ts'
import { openDesk, type Clerk, type Desk } from './desk.ts'

let desk: Desk
let developer: Clerk
let boss: Clerk
const node = `console-node-${randomBytes(4).toString('hex')}`

beforeAll(async () => {
  desk = await openDesk()
  developer = await desk.clerk('developer', { namespaces: [desk.namespace] })
  boss = await desk.clerk('admin')
  await desk.make('/api/v1/nodes', { metadata: { name: node } })
})
afterAll(async () => {
  await desk.world.cluster.api.want(`/api/v1/nodes/${node}`, { method: 'DELETE' })
  await desk.stop()
})

const pods = () => `/api/v1/namespaces/${desk.namespace}/pods`
const pod = (name: string, more: object = {}) => ({
  metadata: { name, labels: { app: name } },
  spec: {
    nodeName: node,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'a' }],
    ...more,
  },
})

/** What a kubelet would say of it. */
async function run(name: string, phase = 'Running') {
  await desk.patch(`${pods()}/${name}/status`, {
    status: { phase, conditions: [{ type: 'Ready', status: 'True' }] },
  })
}

describe('a node', () => {
  const spec = async () => {
    const ref = { ...boss.place, group: '', version: 'v1', resource: 'nodes', name: node }
    return (await boss.api.objects.get(ref)).object['spec'] as Record<string, unknown>
  }

  test('is taken out of scheduling and back in', async () => {
    await boss.api.nodes.cordon({ ...boss.place, name: node, cordoned: true })
    expect(await spec()).toMatchObject({ unschedulable: true })
    await boss.api.nodes.cordon({ ...boss.place, name: node, cordoned: false })
    expect(await spec()).not.toHaveProperty('unschedulable')
    expect((await desk.records(boss, 'nodes.cordon', 4))[1]).toMatchObject({
      phase: 'outcome',
      verb: 'patch',
      resource: 'nodes',
      name: node,
      status: 200,
      detail: { unschedulable: 'true' },
    })
  })

  test('is out of reach for whoever has namespaces only', async () => {
    const place = { ...developer.place, name: node }
    const cordoning = developer.api.nodes.cordon({ ...place, cordoned: true })
    await expect(cordoning).rejects.toMatchObject({ code: 'forbidden' })
    const planning = developer.api.nodes.drainPlan(place)
    await expect(planning).rejects.toMatchObject({ code: 'forbidden' })
    expect(await spec()).not.toHaveProperty('unschedulable')
  })

  test('that does not exist has no plan', async () => {
    const attempt = boss.api.nodes.drainPlan({ ...boss.place, name: 'no-such-node' })
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the plan of a drain', () => {
  test('says of each pod of the node what would become of it', async () => {
    await Promise.all([
      desk.make(pods(), pod('alone')),
      desk.make(pods(), pod('finished', { volumes: [{ name: 'tmp', emptyDir: {} }] })),
    ])
    await run('finished', 'Succeeded')
    const { pods: plan } = await boss.api.nodes.drainPlan({ ...boss.place, name: node })
    const mine = plan.filter((it) => it.namespace === desk.namespace)
    expect(new Map(mine.map((it) => [it.name, it.action]))).toEqual(
      new Map([
        ['alone', 'refuses'],
        ['finished', 'evict'],
      ]),
    )
    expect(mine.every((it) => it.reason !== undefined && it.uid !== '')).toBe(true)
  })

  const owner = (kind: string) => [{ kind, name: 'it', controller: true }]
  const emptyDir = { volumes: [{ name: 'tmp', emptyDir: {} }] }
  const rules: [string, object, string][] = [
    ['of a ReplicaSet', { metadata: { ownerReferences: owner('ReplicaSet') } }, 'evict'],
    ['of a DaemonSet', { metadata: { ownerReferences: owner('DaemonSet') } }, 'stays'],
    [
      'that mirrors a file',
      { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } },
      'stays',
    ],
    ['without a controller', {}, 'refuses'],
    [
      'owned but not controlled',
      { metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: 'it' }] } },
      'refuses',
    ],
    [
      'with data in an emptyDir',
      { metadata: { ownerReferences: owner('ReplicaSet') }, spec: emptyDir },
      'refuses',
    ],
    ['that has finished', { status: { phase: 'Failed' }, spec: emptyDir }, 'evict'],
    [
      'of a DaemonSet that has finished',
      { metadata: { ownerReferences: owner('DaemonSet') }, status: { phase: 'Succeeded' } },
      'evict',
    ],
    ['that is ending', { metadata: { deletionTimestamp: '2026-11-22T08:00:00Z' } }, 'evict'],
  ]
  test.each(rules)('a pod %s', (_what, { metadata, ...rest }: { metadata?: object }, action) => {
    const read = DrainPod.parse({ metadata: { name: 'x', ...metadata }, ...rest })
    expect(planOf(read).action).toBe(action)
  })
})

describe('evicting', () => {
  const evict = (clerk: Clerk, name: string, uid?: string) =>
    clerk.api.nodes.evict({
      ...clerk.place,
      namespace: desk.namespace,
      name,
      ...(uid !== undefined && { uid }),
    })

  test('takes a pod away; one that is gone is gone', async () => {
    const uid = await desk.make(pods(), pod('leaving'))
    await run('leaving')
    expect(await evict(developer, 'leaving', '00000000-0000-4000-8000-000000000000')).toEqual({
      status: 'gone',
    })
    expect(await evict(developer, 'leaving', uid)).toEqual({ status: 'evicted' })
    await vi.waitUntil(
      async () => (await desk.world.cluster.api.call(`${pods()}/leaving`)).status === 404,
      { timeout: 30_000 },
    )
    expect(await evict(developer, 'leaving')).toEqual({ status: 'gone' })
    const records = await desk.records(developer, 'nodes.evict', 6)
    expect(records[3]).toMatchObject({
      phase: 'outcome',
      result: 'allowed',
      verb: 'create',
      resource: 'pods',
      subresource: 'eviction',
      name: 'leaving',
      status: 201,
    })
  })

  test('is held by a disruption budget, which is named', async () => {
    await desk.make(pods(), pod('needed'))
    await run('needed')
    await desk.make(`/apis/policy/v1/namespaces/${desk.namespace}/poddisruptionbudgets`, {
      metadata: { name: 'needed-budget' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'needed' } } },
    })
    const held = await vi.waitUntil(
      async () => {
        const answer = await evict(developer, 'needed')
        // Until its controller has counted, the budget holds without a number.
        return answer.status === 'blocked' && answer.reason.includes('needs 1') && answer
      },
      { timeout: 30_000, interval: 200 },
    )
    expect(held).toMatchObject({ reason: expect.stringContaining('needed-budget') as string })
    expect(held.retryAfter).toBeGreaterThanOrEqual(1)
    expect((await desk.world.cluster.api.call(`${pods()}/needed`)).status).toBe(200)
  })

  test('a viewer may not', async () => {
    const viewer = await desk.clerk('viewer')
    await expect(evict(viewer, 'needed')).rejects.toMatchObject({ code: 'forbidden' })
    expect((await desk.records(viewer, 'nodes.evict'))[0]).toMatchObject({
      phase: 'event',
      result: 'refused',
      subresource: 'eviction',
    })
  })
})
