import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lookedAt } from '../../../server/live/looked-at.ts'
import { makeAuthority } from '../../support/cluster/certificates.ts'
import { respondWith, startRecorder, type Recorder } from '../../support/recorder.ts'
import { openLiveWorld, type LiveWorld } from './world.ts'

let recorder: Recorder
let world: LiveWorld
let profile: Awaited<ReturnType<LiveWorld['profile']>>

// What is on record is decided before the cluster is asked, so that it may answer anything.
beforeAll(async () => {
  const authority = await makeAuthority()
  const tls = await authority.certificateFor(['127.0.0.1'])
  recorder = await startRecorder({ tls, respond: respondWith(200, '{"gitVersion":"v1.35.0"}') })
  world = await openLiveWorld({ allow: [recorder.host], linger: 100 })
  await world.register({ id: 'c1', address: recorder.address, caPem: authority.caPem })
  profile = await world.profile('c1', 'main', 'a-token')
})
afterAll(async () => {
  await world.end()
  await recorder.stop()
})

async function recordsOf(scope: readonly string[] | undefined, asked?: string[], least = 1) {
  const viewer = await world.person()
  await viewer.grant(profile, { ...(scope && { namespaces: scope }) })
  const window = viewer.window()
  const sources = [{ cluster: 'c1', profile: 'main' }]
  window.open({
    sources,
    group: 'apps',
    resource: 'deployments',
    ...(asked && { namespaces: asked }),
  })
  const found = await vi.waitUntil(
    async () => {
      const mine = (await world.audited()).filter((it) => it.person === viewer.name)
      return mine.length >= least && mine
    },
    { timeout: 30_000 },
  )
  return found.map(({ result, group, resource, namespace, detail }) => ({
    result,
    kind: `${resource ?? ''}.${group ?? ''}`,
    namespace,
    namespaces: detail?.['namespaces'],
  }))
}

const kind = 'deployments.apps'

test('a view is on record with its kind and the namespaces that it reached, asked for or not', async () => {
  expect(await recordsOf(['a'])).toEqual([
    { result: 'allowed', kind, namespace: 'a', namespaces: undefined },
  ])
  expect(await recordsOf(['b', 'a'])).toEqual([
    { result: 'allowed', kind, namespace: undefined, namespaces: 'a,b' },
  ])
  expect(await recordsOf(undefined, ['a'])).toEqual([
    { result: 'allowed', kind, namespace: 'a', namespaces: undefined },
  ])
  expect(await recordsOf(undefined)).toEqual([
    { result: 'allowed', kind, namespace: undefined, namespaces: undefined },
  ])
})

test('what was asked for beyond a scope is on record as refused, and not as seen', async () => {
  const records = await recordsOf(['a'], ['a', 'b', 'c'], 2)
  expect(records).toHaveLength(2)
  expect(records).toContainEqual({
    result: 'allowed',
    kind,
    namespace: 'a',
    namespaces: undefined,
  })
  expect(records).toContainEqual({
    result: 'refused',
    kind,
    namespace: undefined,
    namespaces: 'b,c',
  })
  expect(await recordsOf(['a'], ['b'])).toEqual([
    { result: 'refused', kind, namespace: 'b', namespaces: undefined },
  ])
})

test('many names are told whole, and those that do not fit are counted', () => {
  const names = Array.from({ length: 100 }, (_, at) => `${'n'.repeat(60)}${String(at)}`)
  const told = lookedAt(names)
  const { namespacesMore, ...parts } = told
  const listed = Object.values(parts).flatMap((it) => it.split(','))
  expect(listed).toEqual(names.slice(0, listed.length))
  expect(listed.length + Number(namespacesMore)).toBe(100)
  expect(Math.max(...Object.values(parts).map((it) => it.length))).toBeLessThanOrEqual(256)
  expect(lookedAt(['a', 'b'])).toEqual({ namespaces: 'a,b' })
})
