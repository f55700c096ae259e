import { expect, test } from 'vitest'
import type { Freshness } from '#gateway/views.ts'
import { emptinessOf } from '../../../renderer/screens/list/emptiness.ts'
import { ownSortOf, sortAfter } from '../../../renderer/screens/list/own-sort.ts'

const live: Freshness = { source: 0, status: 'live' }
const unread: Freshness = { source: 1, status: 'stale', reason: 'no route' }
const seen = (freshness: readonly Freshness[], total = 0) =>
  emptinessOf({ status: 'open', total, freshness })

test('nothing is said to be there only where everything was looked at', () => {
  expect(seen([live])).toBe('none')
  expect(seen([live, { source: 1, status: 'stale', since: 1 }])).toBe('none')
  expect(seen([unread])).toBe('unread')
  expect(seen([live, unread])).toBe('unread')
  expect(seen([live, { source: 1, status: 'loading' }])).toBe('waiting')
})

test('before there is an answer it is waited for, and what failed or is forbidden says so', () => {
  expect(emptinessOf({ status: 'opening', total: 0, freshness: [] })).toBe('waiting')
  expect(emptinessOf({ status: 'failed', total: 0, freshness: [] })).toBe('failed')
  expect(seen([{ source: 0, status: 'forbidden', reason: 'no right' }])).toBe('forbidden')
  expect(seen([live, unread], 3)).toBe('filled')
})

test('the order that rows have of themselves is turned by a click, and comes back after one’s own', () => {
  const own = ownSortOf([
    { id: 'reason', title: 'Reason', type: 'text' },
    { id: 'lastSeen', title: 'Last seen', type: 'age', order: 'descending' },
  ])
  expect(own).toEqual([{ column: 'lastSeen', descending: true }])
  const turned = [{ column: 'lastSeen', descending: false }]
  expect(sortAfter([], { before: undefined, own })).toEqual(turned)
  expect(sortAfter([], { before: turned, own })).toEqual([])
  const other = [{ column: 'reason', descending: false }]
  expect(sortAfter(other, { before: undefined, own })).toEqual(other)
  expect(sortAfter([], { before: undefined, own: [] })).toEqual([])
})
