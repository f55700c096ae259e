import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRealWorld, type RealWorld } from '../live/real-cluster.ts'

let real: RealWorld

beforeAll(async () => {
  real = await openRealWorld({ linger: 100 })
})
afterAll(() => real?.end())

async function viewerOf(namespaces?: readonly string[]) {
  const viewer = await real.world.person()
  await viewer.grant(real.everything, { ...(namespaces && { namespaces }) })
  return viewer
}

test('a kind that the cluster would read as a part of a namespace is no kind of a view', async () => {
  const viewer = await viewerOf([real.home])
  const window = viewer.window()
  for (const [group, resource] of [
    ['', 'status'],
    ['', 'finalize'],
    ['', 'watch'],
    ['', 'proxy'],
    ['apps', 'namespaces'],
  ] as const) {
    const view = window.open({ sources: [real.place], group, resource, namespaces: [real.home] })
    await view.until(resource, (it) => it.failed !== undefined)
    expect(view.failed).toMatchObject({ code: 'invalid_input' })
  }
})

test('one person’s questions about many places do not hold up the gateway, from however many windows', async () => {
  const viewer = await viewerOf()
  const sources = Array.from({ length: 50 }, (_, index) => ({
    cluster: `cluster-${index}`,
    profile: 'viewer',
  }))
  const namespaces = Array.from({ length: 100 }, (_, index) => `namespace-${index}`)
  const wide = viewer.window().open({ sources, resource: 'pods', namespaces })
  await wide.until('refused', (it) => it.failed !== undefined)
  expect(wide.failed).toMatchObject({ code: 'forbidden' })
  const next = viewer.window().open({ sources, resource: 'pods', namespaces })
  expect(next.failed).toMatchObject({ code: 'rate_limited', retryAfter: 1 })
  // Somebody else is not held up by it.
  const other = (await viewerOf()).window().open({ sources: [real.place], resource: 'configmaps' })
  await other.until('rows', (it) => it.total > 0)
})
