import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ViewQuery } from '../../../server/contract/views.ts'
import { openRealWorld, type RealWorld } from './real-cluster.ts'
import type { TestProfile } from './world.ts'
import { isLive, type TestView, type TestWindow } from './window.ts'

let real: RealWorld
let red: string
let blue: string
let sources: ViewQuery['sources']

beforeAll(async () => {
  real = await openRealWorld({ linger: 100 })
  sources = [real.place]
  ;[red, blue] = (await Promise.all(
    ['red', 'blue'].map(async (it) => (await real.cluster.namespace(it)).name),
  )) as [string, string]
  for (const [namespace, names] of [
    [red, ['apple', 'cherry']],
    [blue, ['berry', 'plum', 'sloe']],
  ] as const)
    for (const name of names) await make(namespace, name)
})
const windows: TestWindow[] = []
afterEach(() => {
  for (const it of windows.splice(0)) it.leave()
})
afterAll(async () => {
  for (const it of [red, blue])
    await real.cluster.api.call(`/api/v1/namespaces/${it}`, { method: 'DELETE' })
  await real?.end()
})

const make = (namespace: string, name: string) =>
  real.cluster.api.want(`/api/v1/namespaces/${namespace}/configmaps`, {
    method: 'POST',
    body: { metadata: { name: `fruit-${name}`, labels: { fruit: name } }, data: { [name]: '' } },
  })

async function fruit(namespaces?: readonly string[], profile?: TestProfile) {
  const viewer = await real.world.person()
  const grant = await viewer.grant(profile ?? real.everything, {
    ...(namespaces && { namespaces }),
  })
  const window = viewer.window()
  windows.push(window)
  const place = profile ? { cluster: 'real', profile: profile.name } : real.place
  const view = window.open({ sources: [place], resource: 'configmaps', text: 'fruit-' })
  return { viewer, grant, window, view }
}

const settled = (view: TestView) => view.until('live', isLive)

describe('two people with one profile and different scopes', () => {
  test('each see, count and find only what they may', async () => {
    const [anna, ben, everyone] = await Promise.all([fruit([red]), fruit([blue]), fruit()])
    await Promise.all([anna, ben, everyone].map(({ view }) => settled(view)))
    await everyone.view.until('all five', (it) => it.total === 5)
    expect(anna.view.names).toEqual(['fruit-apple', 'fruit-cherry'])
    expect(ben.view.names).toEqual(['fruit-berry', 'fruit-plum', 'fruit-sloe'])
    expect([anna.view.total, ben.view.total]).toEqual([2, 3])
    // kube-root-ca.crt is in each namespace.
    expect([anna.view.all, ben.view.all]).toEqual([3, 4])
    anna.view.change({ text: 'plum' })
    ben.view.change({ text: '', labels: 'fruit=apple' })
    await anna.view.until(
      'looked',
      (it) => it.updates.at(-1)?.columns !== undefined && it.total === 0,
    )
    await ben.view.until(
      'looked',
      (it) => it.updates.at(-1)?.columns !== undefined && it.total === 0,
    )
    expect(anna.view.text).not.toMatch(/plum|berry|sloe/)
    expect(ben.view.text).not.toMatch(/apple|cherry/)
  })

  test('use a list of the whole cluster that is there, and still see only their own', async () => {
    const feeds = () => real.world.live.stats().feeds
    await expect.poll(feeds, { timeout: 30_000 }).toBe(0)
    const everyone = await fruit()
    await settled(everyone.view)
    const anna = await fruit([red])
    await settled(anna.view)
    expect(feeds()).toBe(1)
    await make(blue, 'late')
    await make(red, 'later')
    await anna.view.until('her own', (it) => it.names.includes('fruit-later'))
    expect(anna.view.names).toEqual(['fruit-apple', 'fruit-cherry', 'fruit-later'])
    expect(anna.view.freshness.map((it) => it.namespace)).toEqual([red])
    expect(anna.view.text).not.toContain('fruit-late"')
  })

  test('are told what they asked for and may not see', async () => {
    const anna = await fruit([red])
    anna.view.change({ namespaces: [red, blue] })
    await anna.view.until(
      'answered',
      (it) => it.freshness.length === 2 && it.freshness.some((one) => one.status === 'live'),
    )
    expect(anna.view.freshness.find((it) => it.namespace === blue)).toMatchObject({
      status: 'forbidden',
      reason: expect.stringContaining(red),
    })
    anna.view.change({ namespaces: [blue] })
    await anna.view.until('failed', (it) => it.failed !== undefined)
    expect(anna.view.failed?.code).toBe('forbidden')
    const audited = await real.world.audited()
    expect(audited).toContainEqual(
      expect.objectContaining({
        action: 'view',
        result: 'refused',
        person: anna.viewer.name,
        resource: 'configmaps',
        namespace: blue,
      }),
    )
    expect(audited).toContainEqual(
      expect.objectContaining({
        action: 'view',
        result: 'allowed',
        person: anna.viewer.name,
        grants: [anna.grant],
      }),
    )
  })

  test('see namespaces only as far as their scope goes', async () => {
    const { window } = await fruit([red])
    const view = window.open({ sources, resource: 'namespaces' })
    await settled(view)
    expect(view.names).toEqual([red])
    const nodes = window.open({ sources, resource: 'nodes' })
    await nodes.until('failed', (it) => it.failed !== undefined)
    expect(nodes.failed?.message).toContain('in the whole cluster')
  })
})

describe('two profiles', () => {
  test('never share a row, and what one identity may not is said in words', async () => {
    const narrow = await real.world.profile(
      'real',
      'narrow',
      await real.token({ role: { clusterRole: 'view' } }),
    )
    const narrowly = await fruit(undefined, narrow)
    const everyone = await fruit()
    await settled(everyone.view)
    await narrowly.view.until('told', (it) => it.freshness[0]?.status === 'forbidden')
    expect(narrowly.view.freshness[0]?.reason).toBe(
      'The profile "narrow" of the cluster "real" may not list and watch configmaps in the whole cluster',
    )
    expect(narrowly.view.total).toBe(0)
    narrowly.view.change({ text: '', namespaces: [real.home] })
    await settled(narrowly.view)
    expect(narrowly.view.names).toEqual(['kube-root-ca.crt'])
  })

  test('are one view of two sources for who holds both, and keep apart who holds one', async () => {
    const other = await real.world.profile(
      'real',
      'other',
      await real.token({ clusterRole: 'view' }),
    )
    const both = await fruit([red])
    await both.viewer.grant(other, { namespaces: [blue] })
    const places = [real.place, { cluster: 'real', profile: 'other' }]
    const view = both.window.open({ sources: places, resource: 'configmaps', text: 'fruit-' })
    await view.until('both', (it) => it.freshness.length === 2 && isLive(it))
    expect(new Map(view.rows.map((it) => [it.namespace, it.source]))).toEqual(
      new Map([
        [red, 0],
        [blue, 1],
      ]),
    )
    const one = await fruit([red])
    const same = one.window.open({ sources: places, resource: 'configmaps', text: 'fruit-' })
    await same.until('half', (it) =>
      it.freshness.some((its) => its.source === 0 && its.status === 'live'),
    )
    expect(same.freshness.find((it) => it.source === 1)).toMatchObject({ status: 'forbidden' })
    expect(same.rows.every((it) => it.namespace === red)).toBe(true)
  })
})

describe('a right that ends', () => {
  const withinASecond = 1000

  test('cuts the view within a second, and says so', async () => {
    const { viewer, grant, view } = await fruit()
    await settled(view)
    await viewer.revoke(grant)
    await view.until('cut', (it) => it.failed !== undefined, withinASecond)
    expect(view.failed?.code).toBe('forbidden')
    const updates = view.updates.length
    await make(red, `after-${updates}`)
    expect(view.updates.length).toBe(updates)
  })

  test('takes only what it gave while another goes on', async () => {
    const { viewer, view } = await fruit([red])
    const more = await viewer.grant(real.everything, { namespaces: [blue] })
    await view.until('widened', (it) => it.names.includes('fruit-plum') && isLive(it))
    await viewer.revoke(more)
    await view.until('narrowed', (it) => !it.names.includes('fruit-plum'), withinASecond)
    expect(view.names).toContain('fruit-apple')
    expect(view.freshness.map((it) => it.namespace)).toEqual([red])
    expect(view.failed).toBeUndefined()
  })

  test('by its date does the same without anybody’s doing', async () => {
    const { viewer, view } = await fruit([red])
    await viewer.grant(real.everything, {
      namespaces: [blue],
      expiresAt: new Date(Date.now() + 1500),
    })
    await view.until('widened', (it) => it.names.includes('fruit-plum') && isLive(it))
    await view.until('narrowed', (it) => !it.names.includes('fruit-plum'), 2500)
    expect(view.names).toContain('fruit-apple')
  })

  test('with the session, or with the profile, ends every view', async () => {
    const gone = await real.world.profile('real', 'gone', await real.token({ clusterRole: 'view' }))
    const [signedOut, removed] = await Promise.all([fruit(), fruit(undefined, gone)])
    await Promise.all([signedOut, removed].map(({ view }) => settled(view)))
    await signedOut.viewer.signOut()
    await signedOut.view.until('cut', (it) => it.failed?.code === 'unauthenticated', withinASecond)
    await real.world.removeProfile(gone)
    await removed.view.until('cut', (it) => it.failed?.code === 'forbidden', withinASecond)
  })

  test('leaves no list behind that nobody may see', async () => {
    const alone = await real.world.profile(
      'real',
      'alone',
      await real.token({ clusterRole: 'view' }),
    )
    const feeds = () => real.world.live.stats().feeds
    await expect.poll(feeds, { timeout: 30_000 }).toBe(0)
    const { viewer, grant, view } = await fruit([blue], alone)
    await settled(view)
    expect(feeds()).toBe(1)
    await viewer.revoke(grant)
    await view.until('cut', (it) => it.failed !== undefined)
    expect(feeds()).toBe(0)
  })
})

test('Secrets show the names of their keys to whoever may list them, and never a value', async () => {
  const secret = 'c2VjcmV0LXZhbHVl'
  await real.cluster.api.want(`/api/v1/namespaces/${red}/secrets`, {
    method: 'POST',
    body: { metadata: { name: 'vault' }, data: { password: secret } },
  })
  const { window } = await fruit([red])
  const view = window.open({ sources, resource: 'secrets' })
  await settled(view)
  expect(view.names).toEqual(['vault'])
  expect(view.text).toContain('password')
  expect(view.text).not.toContain(secret)
  expect(view.text).not.toContain('secret-value')
  const blind = await real.world.person()
  await blind.grant(real.everything, { rules: [{ resources: ['configmaps'] }] })
  const refused = blind.window().open({ sources, resource: 'secrets' })
  await refused.until('failed', (it) => it.failed !== undefined)
  expect(refused.failed?.code).toBe('forbidden')
})
