import { expect, test } from 'vitest'
import type { Freshness } from '#gateway/views.ts'
import { isAmong, stalePlaces, staleRows } from '../../../renderer/data/stale-places.ts'

const sources = [
  { cluster: 'west', profile: 'admin' },
  { cluster: 'east', profile: 'admin' },
]
const freshness: Freshness[] = [
  { source: 0, status: 'live' },
  { source: 1, status: 'stale', since: 1 },
]

test('a place is stale while any view shows it as it was, and only then', () => {
  const places = stalePlaces([{ sources, freshness }])
  expect(isAmong(places, { cluster: 'east', profile: 'admin' })).toBe(true)
  expect(isAmong(places, { cluster: 'east', profile: 'reader' })).toBe(false)
  expect(isAmong(places, { cluster: 'west', profile: 'admin' })).toBe(false)
  expect(stalePlaces([{ sources, freshness: [{ source: 1, status: 'forbidden' }] }])).toBe('')
})

test('rows of before are old while their list is read again, those of a first list are not', () => {
  const again: Freshness[] = [
    { source: 0, status: 'relisting', since: 1 },
    { source: 1, status: 'loading' },
  ]
  const isOld = staleRows(again)
  expect(isOld({ source: 0, namespace: 'shop' })).toBe(true)
  expect(isOld({ source: 1, namespace: 'shop' })).toBe(false)
  expect(stalePlaces([{ sources, freshness: again }])).toBe('west@admin')
})

test('rows are stale with their cluster, or with their own namespace alone', () => {
  const whole = staleRows(freshness)
  expect(whole({ source: 1, namespace: 'shop' })).toBe(true)
  expect(whole({ source: 0, namespace: 'shop' })).toBe(false)
  const part = staleRows([{ source: 0, namespace: 'shop', status: 'stale', since: 1 }])
  expect(part({ source: 0, namespace: 'shop' })).toBe(true)
  expect(part({ source: 0, namespace: 'bank' })).toBe(false)
})
