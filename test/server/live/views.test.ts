import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ViewQuery } from '../../../server/contract/views.ts'
import { simulatedPod } from '../../support/simulated-pod.ts'
import { openRealWorld, type RealWorld } from './real-cluster.ts'
import { isLive, type TestView, type TestWindow } from './window.ts'

let real: RealWorld
let window: TestWindow
let red: string
let blue: string
let sources: ViewQuery['sources']

interface Listed {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string
      readonly namespace?: string
      readonly uid: string
      readonly resourceVersion: string
    }
  }[]
}

beforeAll(async () => {
  real = await openRealWorld({ linger: 200 })
  sources = [real.place]
  const anna = await real.world.person()
  await anna.grant(real.everything)
  window = anna.window()
  ;[red, blue] = (await Promise.all(
    ['red', 'blue'].map(async (it) => (await real.cluster.namespace(it)).name),
  )) as [string, string]
  for (let n = 0; n < 12; n += 1)
    await make('configmaps', n % 3 === 0 ? blue : red, {
      metadata: { name: `thing-${n}`, labels: { third: `${n % 3}`, [`only-${n}`]: '' } },
      data: Object.fromEntries(Array.from({ length: n }, (_, key) => [`key-${key}`, ''])),
    })
})
afterAll(async () => {
  await Promise.all(
    [red, blue].map((it) =>
      real.cluster.api.call(path('namespaces', '', it), { method: 'DELETE' }),
    ),
  )
  await real?.end()
})

const path = (resource: string, namespace: string, name = '') =>
  `/api/v1/${namespace && `namespaces/${namespace}/`}${resource}${name && `/${name}`}`
const make = (resource: string, namespace: string, body: object) =>
  real.cluster.api.want(path(resource, namespace), { method: 'POST', body })
const remove = (resource: string, namespace: string, name: string) =>
  real.cluster.api.want(path(resource, namespace, name), { method: 'DELETE' })

const open = (asked: Partial<ViewQuery> & { resource: string }) =>
  window.open({ sources, ...asked })
const things = (asked: Partial<ViewQuery> = {}) =>
  open({ resource: 'configmaps', namespaces: [red, blue], text: 'thing-', ...asked })
const live = async (view: TestView) => view.until('live', isLive)

describe('a view', () => {
  test('over the whole cluster has the rows of a direct list, but not those of the gateway’s own place', async () => {
    const view = await live(open({ resource: 'serviceaccounts' }))
    const versions = async () => {
      const { items } = await real.cluster.api.want<Listed>('/api/v1/serviceaccounts')
      const open = items.filter((it) => it.metadata.namespace !== 'gatehouse-system')
      return open.map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`).sort()
    }
    const shown = () => view.rows.map((it) => `${it.uid} ${it.version}`).sort()
    // Others work in the same cluster.
    await expect.poll(async () => (await versions()).join() === shown().join()).toBe(true)
    expect(view.total).toBe(shown().length)
    expect(view.total).toBeGreaterThan(20)
  })

  test('of some namespaces has theirs, told one by one', async () => {
    const view = await live(things())
    expect(new Set(view.freshness.map((it) => it.namespace))).toEqual(new Set([blue, red]))
    expect(view.total).toBe(12)
    expect(view.all).toBe(14)
  })

  test('has a window, moved over rows in their natural order', async () => {
    const view = await live(things({ limit: 4 }))
    expect(view.names).toEqual(['thing-0', 'thing-1', 'thing-2', 'thing-3'])
    view.move(9, 500)
    await view.until('moved', (it) => it.names.includes('thing-11'))
    expect(view.names).toEqual(['thing-9', 'thing-10', 'thing-11'])
    expect(view.total).toBe(12)
    expect(view.updates.at(-1)?.offset).toBe(9)
  })

  test('is sorted by several columns, of which earlier ones win', async () => {
    const view = await live(
      things({
        limit: 5,
        sort: [
          { column: 'namespace', descending: false },
          { column: 'name', descending: true },
        ],
      }),
    )
    const [first, second] = [blue, red].sort()
    expect(view.rows.every((it) => it.namespace === first)).toBe(
      first === blue ? view.rows.length < 5 : true,
    )
    expect(view.names.slice(0, 2)).toEqual(
      first === blue ? ['thing-9', 'thing-6'] : ['thing-11', 'thing-10'],
    )
    view.change({ sort: [{ column: 'name', descending: true }] })
    await view.until('by name', (it) => it.names[0] === 'thing-11')
    expect(view.names).toEqual(['thing-11', 'thing-10', 'thing-9', 'thing-8', 'thing-7'])
    expect(second).not.toBe(first)
  })

  test('of events has the newest first unless another order is asked for', async () => {
    const times = ['10:00', '12:00', '11:00']
    for (const [at, time] of times.entries())
      await make('events', red, {
        metadata: { name: `order-${at}` },
        involvedObject: { kind: 'Pod', namespace: red, name: 'any' },
        lastTimestamp: `2026-01-01T${time}:00Z`,
      })
    const view = open({ resource: 'events', namespaces: [red], text: 'order-' })
    await view.until('all', (it) => it.total === times.length)
    expect(view.names).toEqual(['order-1', 'order-2', 'order-0'])
    expect(view.columns.find((it) => it.order)).toMatchObject({ id: 'lastSeen' })
    view.change({ sort: [{ column: 'lastSeen', descending: false }] })
    await view.until('oldest first', (it) => it.names[0] === 'order-0')
    expect(view.names).toEqual(['order-0', 'order-2', 'order-1'])
  })

  test('is filtered by words, patterns and what must not be found', async () => {
    const names = async (text: string) => {
      const view = await live(things({ text }))
      view.close()
      return view.names
    }
    expect(await names('THING g-11')).toEqual(['thing-11'])
    expect(await names('thing !ng-1')).toEqual(
      [0, 2, 3, 4, 5, 6, 7, 8, 9].map((it) => `thing-${it}`),
    )
    expect(await names('/^thing-(1|[5-7])$/')).toEqual(['thing-1', 'thing-5', 'thing-6', 'thing-7'])
    expect(await names(`/^THING-\\d$/ ${blue}`)).toEqual([
      'thing-0',
      'thing-3',
      'thing-6',
      'thing-9',
    ])
  })

  test('is filtered by labels as Kubernetes does it', async () => {
    for (const labels of [
      'third=1',
      'third in (0,2),!only-3',
      'third!=1',
      'only-4',
      'third notin (2), third',
    ]) {
      const view = await live(things({ labels, text: '' }))
      const selector = encodeURIComponent(labels)
      const lists = await Promise.all(
        [red, blue].map((it) =>
          real.cluster.api.want<Listed>(`${path('configmaps', it)}?labelSelector=${selector}`),
        ),
      )
      const direct = lists.flatMap((it) => it.items.map(({ metadata }) => metadata.name))
      expect([...view.names].sort(), labels).toEqual(direct.sort())
      view.close()
    }
  })

  test('refuses what cannot be understood, and says which field it is', async () => {
    const wrong = { labels: 'a==b==c', text: '/(/' }
    for (const [field, value] of Object.entries(wrong)) {
      const view = await things({ [field]: value }).until('failed', (it) => it.failed !== undefined)
      expect(view.failed).toMatchObject({
        code: 'invalid_input',
        fields: { [field]: expect.anything() },
      })
    }
  })

  test('counts statuses before they narrow it, and sums over what fits', async () => {
    for (const name of ['one', 'two', 'three']) await make('pods', red, simulatedPod(`pod-${name}`))
    await make('pods', red, {
      metadata: { name: 'pod-waiting' },
      spec: {
        nodeSelector: { nowhere: '' },
        containers: [{ name: 'a', image: 'x', resources: { requests: { cpu: '150m' } } }],
      },
    })
    const view = open({ resource: 'pods', namespaces: [red] })
    await view.until('all run', (it) =>
      it.facets.some((facet) => facet.status === 'Running' && facet.count === 3),
    )
    expect(view.facets.map((it) => [it.status, it.count])).toEqual([
      ['Pending', 1],
      ['Running', 3],
    ])
    expect(view.sums['cpuRequests']).toBe(150)
    view.change({ statuses: ['Running'] })
    await view.until('narrowed', (it) => it.total === 3)
    expect(view.names).not.toContain('pod-waiting')
    expect(view.facets).toHaveLength(2)
    expect(view.sums['cpuRequests']).toBe(0)
    view.change({ statuses: undefined, tones: ['warning', 'failed'] })
    await view.until('what nothing can be done with', (it) => it.names.includes('pod-waiting'))
    expect([view.names, view.tones]).toEqual([['pod-waiting'], { ok: 3, warning: 1 }])
  })

  test('of nothing but numbers has no rows', async () => {
    const view = await live(things({ limit: 0 }))
    expect(view.total).toBe(12)
    expect(view.rows).toEqual([])
    expect(view.text).not.toContain('thing-')
  })

  test('says what is missing where the cluster knows no such kind', async () => {
    const view = open({ resource: 'gadgets', group: 'example.com', version: 'v1' })
    await view.until('missing', (it) => it.freshness[0]?.status === 'missing')
    expect(view.freshness[0]?.reason).toContain('has no gadgets.example.com of version v1')
  })

  test('of a kind that the cluster prints has its columns and follows it', async () => {
    const view = await live(
      open({ resource: 'leases', group: 'coordination.k8s.io', version: 'v1', namespaces: [red] }),
    )
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${red}/leases`
    await real.cluster.api.want(leases, {
      method: 'POST',
      body: { metadata: { name: 'mine' }, spec: { holderIdentity: 'somebody' } },
    })
    await view.until('the lease', (it) => it.names.includes('mine'))
    expect(view.columns.length).toBeGreaterThan(0)
    expect(JSON.stringify(view.rows)).toContain('somebody')
  })
})

describe('changes', () => {
  test('come as rows that are new or changed, and go as an order without them', async () => {
    const view = await live(things({ text: 'delta' }))
    await make('configmaps', red, { metadata: { name: 'delta-a' } })
    await make('configmaps', red, { metadata: { name: 'delta-b' } })
    await view.until('both', (it) => it.total === 2)
    const before = view.updates.length
    await real.cluster.api.want(path('configmaps', red, 'delta-b'), {
      method: 'PATCH',
      body: { data: { a: 'b' } },
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    const version = view.rows[1]?.version
    await view.until('changed', (it) => it.rows[1]?.version !== version)
    const change = view.updates.slice(before).flatMap((it) => it.rows)
    expect(change.map((it) => it.name)).toEqual(['delta-b'])
    expect(view.updates.at(-1)?.order).toBeUndefined()
    await remove('configmaps', red, 'delta-a')
    await view.until('gone', (it) => it.total === 1)
    expect(view.updates.at(-1)?.rows).toEqual([])
    expect(view.names).toEqual(['delta-b'])
  })

  test('come at most ten times a second, however many there are', async () => {
    const view = await live(things({ text: 'many' }))
    const names = Array.from({ length: 150 }, (_, n) => `many-${n}`)
    await Promise.all(names.map((name) => make('configmaps', red, { metadata: { name } })))
    await view.until('all', (it) => it.total === 150)
    const times = view.updates.map((it) => it.at)
    const span = (times.at(-1) ?? 0) - (times[0] ?? 0)
    expect(times.length).toBeGreaterThan(1)
    expect(times.length - 1).toBeLessThanOrEqual(span / 90)
    expect(view.updates.map((it) => it.revision)).toEqual(view.updates.map((_, n) => n + 1))
  })

  test('wait for a client that has not taken in the last ones, and then come at once as one', async () => {
    const anna = await real.world.person()
    await anna.grant(real.everything)
    const asleep = anna.window()
    const view = asleep.open({ sources, resource: 'configmaps', namespaces: [red], text: 'sleep' })
    const witness = await live(things({ text: 'sleep' }))
    await live(view)
    asleep.acknowledge(false)
    for (const name of ['sleep-1', 'sleep-2', 'sleep-3']) {
      await make('configmaps', red, { metadata: { name } })
      await witness.until(name, (it) => it.names.includes(name))
    }
    const before = view.updates.length
    expect(view.total).toBeLessThanOrEqual(1)
    asleep.acknowledge(true)
    await view.until('awake', (it) => it.total === 3)
    expect(view.updates.length).toBe(before + 1)
    asleep.leave()
  })

  test('are not sent to a view that is paused', async () => {
    const view = await live(things({ text: 'pause' }))
    const witness = await live(things({ text: 'pause' }))
    view.pause()
    await make('configmaps', red, { metadata: { name: 'pause-1' } })
    await witness.until('seen', (it) => it.total === 1)
    expect(view.total).toBe(0)
    view.move(0, 10)
    await view.until('seen too', (it) => it.total === 1)
  })
})

test('views that ask for the same share one list, which is let go after the last of them', async () => {
  await expect.poll(() => real.world.live.stats().feeds, { timeout: 30_000 }).toBeGreaterThan(0)
  const before = real.world.live.stats().feeds
  const views = await Promise.all(
    [1, 2, 3].map(() => live(open({ resource: 'services', namespaces: [blue] }))),
  )
  expect(real.world.live.stats().feeds).toBe(before + 1)
  for (const it of views) it.close()
  await expect.poll(() => real.world.live.stats().feeds, { timeout: 30_000 }).toBe(before)
})
