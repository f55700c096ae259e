import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import type { ViewQuery } from '../../../server/contract/views.ts'
import { connectCluster, type Namespace } from '../../support/cluster/client.ts'
import { openBadRoad, type BadRoad, type Older } from './bad-road.ts'
import { isLive, type TestView, type TestWindow } from './window.ts'
import { openLiveWorld, type LiveWorld } from './world.ts'

const cluster = connectCluster(inject('cluster'))
const sources = [{ cluster: 'old', profile: 'everything' }]
const refuses = { sendInitialEvents: 'refuses', page: 3 } as const
let namespace: Namespace
let road: BadRoad
let world: LiveWorld
let window: TestWindow
let ahead = 0

beforeAll(async () => {
  namespace = await cluster.namespace('older')
  road = await openBadRoad(cluster.handle)
  world = await openLiveWorld({
    allow: [road.host],
    linger: 0,
    now: () => Date.now() + ahead,
  })
  await world.register({ id: 'old', address: road.address, caPem: road.caPem })
  const everything = await world.profile('old', 'everything', cluster.handle.adminToken)
  const anna = await world.person()
  await anna.grant(everything)
  window = anna.window()
})
afterAll(async () => {
  await world?.end()
  await road?.stop()
  await namespace?.remove()
  cluster.api.close()
})

const made = Array.from({ length: 10 }, (_, at) => `thing-${at}`)
beforeEach(async () => {
  await cluster.api.want(path('configmaps'), { method: 'DELETE' })
  await Promise.all(made.map(make))
})

const path = (resource: string, name = '') =>
  `/api/v1/namespaces/${namespace.name}/${resource}${name && `/${name}`}`
const make = (name: string) =>
  cluster.api.want(path('configmaps'), { method: 'POST', body: { metadata: { name } } })
const remove = (name: string) => cluster.api.want(path('configmaps', name), { method: 'DELETE' })

/** Asked of the cluster itself. */
async function truth(): Promise<string[]> {
  const { items } = await cluster.api.want<{ items: { metadata: { uid: string } }[] }>(
    path('configmaps'),
  )
  return items.map((it) => it.metadata.uid).sort()
}

const shown = (view: TestView) => view.rows.map((it) => it.uid).sort()

/** A view over the road, and what was asked through it from then on. */
function open(older: Older, asked: Partial<ViewQuery> = {}) {
  road.age(older)
  const from = road.asked.length
  const view = window.open({
    sources,
    resource: 'configmaps',
    namespaces: [namespace.name],
    ...asked,
  })
  return { view, forms: () => formsFrom(from) }
}

/** How it was asked for objects; that a cluster is asked whether it lives is another thing. */
const formsFrom = (from: number) =>
  road.asked
    .slice(from)
    .filter((it) => it.startsWith(path('')))
    .map(formOf)

function formOf(url: string): string {
  if (url.includes('sendInitialEvents')) return 'list by watch'
  if (url.includes('watch=1')) return 'watch'
  if (url.includes('continue=')) return 'next page'
  return url.includes('limit=') ? 'page' : 'whole list'
}

const isRight = async (view: TestView) => shown(view).join() === (await truth()).join()

test('where lists are not served by watch they are read in pages, and are whole whatever happens between those', async () => {
  let pages = 0
  const between = async () => {
    pages += 1
    if (pages === 1) {
      await remove('thing-9')
      await remove('thing-0')
      await make('thing-99')
    }
    return 'go' as const
  }
  const { view, forms } = open({ ...refuses, between })
  await view.until('live', isLive)
  expect(forms().slice(0, 5)).toEqual([
    'list by watch',
    'page',
    'next page',
    'next page',
    'next page',
  ])
  // Before its last page came it never said that it was whole.
  const whole = view.updates.find((it) => it.freshness?.[0]?.status === 'live')
  expect(whole?.total).toBeGreaterThanOrEqual(made.length - 1)
  await expect.poll(() => isRight(view)).toBe(true)
  expect(forms().at(-1)).toBe('watch')
  await make('thing-100')
  await view.until('follows', (it) => it.names.includes('thing-100'))
  view.close()
})

test('a server that refused once is not asked again, and pages that expire give way to one whole list', async () => {
  let expired = 0
  const between = () =>
    Promise.resolve((expired += 1) === 1 ? ('expired' as const) : ('go' as const))
  const { view, forms } = open({ ...refuses, between })
  await view.until('live', isLive)
  expect(forms()).toEqual(['page', 'next page', 'whole list', 'watch'])
  expect(await isRight(view)).toBe(true)
  expect(view.updates.flatMap((it) => it.freshness ?? []).map((it) => it.status)).not.toContain(
    'relisting',
  )
  view.close()
})

test('a version that expired is read again in pages, of which the old rows stay and are told to be old', async () => {
  const { view, forms } = open(refuses)
  await view.until('live', isLive)
  road.expire(1)
  road.cut()
  const again = await view.until('reads again', (it) => it.freshness[0]?.status === 'relisting')
  expect(again.total).toBeGreaterThanOrEqual(made.length)
  expect(again.freshness[0]?.since).toBeGreaterThan(Date.now() - 60_000)
  await view.until('live again', isLive)
  expect(await isRight(view)).toBe(true)
  expect(forms().filter((it) => it === 'next page').length).toBeGreaterThan(5)
  view.close()
})

test('a server that has never heard of such lists is not waited for without end', async () => {
  const { view, forms } = open({ sendInitialEvents: 'ignores', page: 3 }, { resource: 'secrets' })
  await view.until('live', isLive, 40_000)
  expect(forms().slice(0, 2)).toEqual(['list by watch', 'page'])
  expect(forms().at(-1)).toBe('watch')
  view.close()
}, 45_000)

test('when the machine was asleep, nothing is believed until it is proven anew', async () => {
  const { view } = open(refuses)
  await view.until('live', isLive)
  const from = road.asked.length
  ahead += 60_000
  const doubted = await view.until('doubts', (it) => it.freshness[0]?.status === 'stale')
  expect(doubted.freshness[0]?.reason).toContain('asleep')
  await view.until('live again', isLive)
  expect(formsFrom(from)).toContain('watch')
  expect(await isRight(view)).toBe(true)
  view.close()
})

test('what was never seen has no time at which it was, until it is seen', async () => {
  const far = await openBadRoad(cluster.handle)
  const alone = await openLiveWorld({ allow: [far.host] })
  try {
    await alone.register({ id: 'far', address: far.address, caPem: far.caPem })
    const profile = await alone.profile('far', 'everything', cluster.handle.adminToken)
    const anna = await alone.person()
    await anna.grant(profile)
    far.refuse(true)
    const view = anna.window().open({
      sources: [{ cluster: 'far', profile: 'everything' }],
      resource: 'configmaps',
      namespaces: [namespace.name],
    })
    await view.until('says so', (it) => it.freshness[0]?.status === 'stale')
    expect(view.freshness).toEqual([
      { source: 0, namespace: namespace.name, status: 'stale', reason: expect.any(String) },
    ])
    far.refuse(false)
    await view.until('live', isLive)
    far.refuse(true)
    await view.until('stale', (it) => it.freshness[0]?.status === 'stale')
    expect(view.freshness[0]?.since).toBeGreaterThan(Date.now() - 60_000)
    expect(view.total).toBeGreaterThanOrEqual(made.length)
  } finally {
    await alone.end()
    await far.stop()
  }
})
