import { describe, expect, test } from 'vitest'
import type { Place } from '#gateway/place.ts'
import type { Freshness } from '#gateway/views.ts'
import type { MergedKind } from '../../../renderer/app/merge-kinds.ts'
import { searchedOf } from '../../../renderer/app/palette/searched.ts'
import { mostSought, soughtKinds } from '../../../renderer/app/palette/sought.ts'

const place = (cluster: string): Place => ({ cluster, profile: 'dev' })
const [a, b] = [place('a'), place('b')]

const served = (name: string, servedBy: readonly Place[], version = 'v1'): MergedKind => {
  const [resource = '', ...group] = name.split('.')
  return {
    group: group.join('.'),
    version,
    resource,
    kind: '',
    singular: '',
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ['list'],
    subresources: [],
    servedBy,
    partly: false,
  }
}

describe('a text is looked for', () => {
  const looking = {
    places: [a, b],
    kinds: [
      served('pods', [a, b]),
      served('secrets', [a, b]),
      served('cronjobs.batch', [b], 'v2'),
      served('widgets.example.com', [a]),
      served('wheels.example.com', [a, b]),
    ],
    unknown: [],
    present: { group: 'example.com', version: 'v1', resource: 'wheels' },
    favourites: ['widgets.example.com', 'gone.example.com', 'pods'],
    maySecrets: (it: Place) => it === b,
  }

  test('in the kind that is shown, favourites and usual kinds, where each is served', () => {
    const sought = soughtKinds(looking)
    expect(sought.map((it) => [it.kind.resource, it.kind.version, it.places])).toEqual([
      ['wheels', 'v1', [a, b]],
      ['widgets', 'v1', [a]],
      ['pods', 'v1', [a, b]],
      ['cronjobs', 'v2', [b]],
      ['secrets', 'v1', [b]],
    ])
  })

  test('in the usual kinds of a cluster that has not told its own', () => {
    const sought = soughtKinds({ ...looking, places: [a], kinds: [], unknown: [a] })
    const names = sought.map((it) => it.kind.resource).join(' ')
    expect(names).toBe(
      'wheels pods deployments statefulsets services ingresses configmaps nodes namespaces ' +
        'daemonsets cronjobs jobs persistentvolumeclaims replicasets',
    )
  })

  test('in no more views than a gateway should be asked for, fewer in many clusters', () => {
    const many = Array.from({ length: 30 }, (_, at) => served(`k${String(at)}.x`, [a]))
    const favourites = many.map((it) => `${it.resource}.x`)
    const all = { ...looking, kinds: many, unknown: [a, b], favourites }
    expect(soughtKinds(all)).toHaveLength(1 + 5 + 14)
    expect(mostSought).toBe(20)
    const places = Array.from({ length: 50 }, (_, at) => place(`c${String(at)}`))
    expect(soughtKinds({ ...all, places, unknown: places })).toHaveLength(8)
  })
})

describe('what was searched', () => {
  const view = (...freshness: Freshness[]) => ({ status: 'open' as const, freshness })
  const is = (source: number, status: Freshness['status'], since?: number): Freshness => ({
    source,
    status,
    ...(since !== undefined && { since }),
  })

  test('is what was read, also when it is not live any more', () => {
    const searched = searchedOf([
      { resource: 'pods', places: [a, b], view: view(is(0, 'live'), is(1, 'stale', 5)) },
      { resource: 'nodes', places: [b], view: view(is(0, 'forbidden'), is(0, 'live')) },
    ])
    expect(searched).toEqual({ kinds: ['pods', 'nodes'], clusters: ['a', 'b'], gaps: [] })
  })

  test('is not what was refused, never read, or is still on its way; each is said once', () => {
    const searched = searchedOf([
      { resource: 'pods', places: [a, b], view: view(is(0, 'loading'), is(1, 'stale')) },
      { resource: 'nodes', places: [b, a], view: view(is(0, 'forbidden'), is(1, 'missing')) },
      { resource: 'jobs', places: [b], view: view(is(0, 'forbidden')) },
      { resource: 'services', places: [a], view: { status: 'opening', freshness: [] } },
      { resource: 'configmaps', places: [a], view: { status: 'failed', freshness: [] } },
    ])
    expect(searched).toEqual({
      kinds: [],
      clusters: [],
      gaps: [
        { why: 'loading', cluster: 'a', kinds: ['pods', 'services'] },
        { why: 'failed', cluster: 'b', kinds: ['pods'] },
        { why: 'forbidden', cluster: 'b', kinds: ['nodes', 'jobs'] },
        { why: 'missing', cluster: 'a', kinds: ['nodes'] },
        { why: 'failed', cluster: 'a', kinds: ['configmaps'] },
      ],
    })
  })
})
