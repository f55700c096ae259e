import { expect, test } from 'vitest'
import type { Kind } from '#gateway/kinds.ts'
import { mergeKinds } from '../../../renderer/app/merge-kinds.ts'

const [a, b, c] = ['a', 'b', 'c'].map((cluster) => ({ cluster, profile: 'dev' })) as [
  { cluster: string; profile: string },
  { cluster: string; profile: string },
  { cluster: string; profile: string },
]

const kind = (resource: string, over: Partial<Kind> = {}): Kind => ({
  group: '',
  version: 'v1',
  resource,
  kind: resource,
  singular: '',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['list'],
  subresources: [],
  ...over,
})

test('a kind is there once, as the first place tells it, with what any place can do', () => {
  const merged = mergeKinds([
    { place: a, kinds: [kind('pods', { version: 'v2', namespaced: false })] },
    { place: b, kinds: [kind('pods', { verbs: ['watch', 'list'], shortNames: ['po'] })] },
  ])
  expect(merged).toEqual([
    {
      ...kind('pods', { version: 'v2', verbs: ['list', 'watch'], shortNames: ['po'] }),
      servedBy: [a, b],
      partly: false,
    },
  ])
})

test('what only some serve says so; a place that told nothing makes nobody one of some', () => {
  const merged = mergeKinds([
    { place: a, kinds: undefined },
    { place: b, kinds: [kind('pods')] },
    { place: c, kinds: [kind('pods'), kind('pods', { group: 'metrics.k8s.io' })] },
  ])
  expect(merged.map((it) => [it.group, it.partly, it.servedBy])).toEqual([
    ['', false, [b, c]],
    ['metrics.k8s.io', true, [c]],
  ])
})
