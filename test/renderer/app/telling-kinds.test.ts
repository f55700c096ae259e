import { expect, test } from 'vitest'
import { groupKinds } from '../../../renderer/app/kind-groups.ts'
import { mostTelling, tellingKinds } from '../../../renderer/app/telling-kinds.ts'

const kind = (resource: string, group = '') => ({
  group,
  version: 'v1',
  resource,
  kind: resource,
  singular: resource,
  namespaced: true,
  shortNames: [],
  categories: [],
  subresources: [],
  verbs: ['get', 'list', 'watch'],
})
const watched = [
  kind('nodes'),
  kind('pods'),
  kind('deployments', 'apps'),
  kind('statefulsets', 'apps'),
  kind('daemonsets', 'apps'),
  kind('jobs', 'batch'),
  kind('persistentvolumeclaims'),
]

test('every kind that the overview watches tells of its group when that is closed, and no other', () => {
  const others = [kind('secrets'), kind('replicasets', 'apps'), kind('pods', 'example.org')]
  const groups = groupKinds([...watched, ...others]).map(({ kinds }) => kinds)
  const told = groups.flatMap((kinds) => tellingKinds(kinds))
  expect(new Set(told)).toEqual(new Set(watched))
  for (const kinds of groups) expect(tellingKinds(kinds).length).toBeLessThanOrEqual(mostTelling)
})
