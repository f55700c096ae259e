import { expect, test } from 'vitest'
import { LogsInput } from '#gateway/streams.ts'
import { podGroups } from '../../../renderer/data/logs/pod-groups.ts'

const pods = (namespace: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    cluster: 'c',
    profile: 'p',
    group: '',
    version: 'v1',
    resource: 'pods',
    namespace,
    name: `pod-${at}`,
  }))

test('pods of one namespace stand in one log, those of others in logs of their own', () => {
  const groups = podGroups([...pods('a', 2), ...pods('b', 1), ...pods('a', 3).slice(2)])
  expect(groups.map(({ first, names, leftOut }) => [first.namespace, names, leftOut])).toEqual([
    ['a', ['pod-0', 'pod-1', 'pod-2'], 0],
    ['b', ['pod-0'], 0],
  ])
})

test('pods beyond what a stream may be asked for are counted', () => {
  const [group] = podGroups(pods('a', 63))
  expect(group?.leftOut).toBe(13)
  const input = { cluster: 'c', profile: 'p', namespace: 'a', pods: group?.names }
  expect(LogsInput.safeParse(input).success).toBe(true)
  expect(LogsInput.safeParse({ ...input, pods: [...(group?.names ?? []), 'x'] }).success).toBe(
    false,
  )
})
