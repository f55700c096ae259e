import { expect, test } from 'vitest'
import type { Freshness, Row, ViewUpdate } from '#gateway/views.ts'
import {
  applyUpdate,
  asStale,
  emptyView,
  isUnread,
  isUnreadable,
  sameSubject,
} from '../../../renderer/data/view-state.ts'

const row = (id: number, version: number): Row => ({
  id,
  source: 0,
  name: `row-${id}`,
  uid: `uid-${id}`,
  version: String(version),
  tone: 'ok',
  cells: [version],
})

const live: Freshness = { source: 0, status: 'live' }

const update = (revision: number, more: Partial<ViewUpdate>): ViewUpdate => ({
  type: 'update',
  view: 1,
  revision,
  total: 0,
  all: 0,
  facets: [],
  tones: {},
  sums: {},
  offset: 0,
  rows: [],
  ...more,
})

/** The same numbers each time, so that a failure can be looked at again. */
function dice(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state % below
  }
}

test('deltas put together are what the sender sees, whatever changes between them', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const roll = dice(seed)
    const all = new Map<number, Row>()
    let state = emptyView
    let sent = new Map<number, string>()
    let order: number[] = []
    for (let revision = 1; revision <= 60; revision += 1) {
      for (let change = roll(6); change > 0; change -= 1) {
        const id = roll(40)
        if (roll(4) === 0) all.delete(id)
        else all.set(id, row(id, revision))
      }
      const ids = [...all.keys()].sort((a, b) => ((a * 7 + seed) % 41) - ((b * 7 + seed) % 41))
      const offset = roll(5)
      const window = ids.slice(offset, offset + 20)
      const now = new Map(window.map((id) => [id, all.get(id)?.version ?? '']))
      const rows = window.flatMap((id) => {
        const it = all.get(id)
        return it && sent.get(id) !== it.version ? [it] : []
      })
      const isSame = JSON.stringify(window) === JSON.stringify(order)
      state = applyUpdate(
        state,
        update(revision, { offset, rows, total: ids.length, ...(!isSame && { order: window }) }),
      )
      sent = now
      order = window
      expect(state.order).toEqual(window)
      expect([...state.rows]).toEqual(window.map((id) => [id, all.get(id)]))
    }
  }
})

test('what an update does not name stays, and the state before is left as it was', () => {
  const columns = [{ id: 'ready', title: 'Ready', type: 'text' as const }]
  const first = applyUpdate(
    emptyView,
    update(1, { columns, order: [1, 2], rows: [row(1, 1), row(2, 1)], freshness: [live] }),
  )
  const second = applyUpdate(first, update(2, { rows: [row(2, 2)] }))
  expect(second).toMatchObject({ columns, order: [1, 2], freshness: [live] })
  expect(second.rows.get(1)).toBe(first.rows.get(1))
  expect([first.rows.get(2)?.version, second.rows.get(2)?.version]).toEqual(['1', '2'])
})

test('without a connection nothing claims to be live, and what was known worse stays so', () => {
  const freshness: Freshness[] = [
    live,
    { source: 1, status: 'relisting', since: 5 },
    { source: 2, status: 'stale', since: 3 },
    { source: 3, status: 'forbidden', reason: 'no right' },
    { source: 4, status: 'loading' },
  ]
  const state = applyUpdate(emptyView, update(1, { freshness }))
  expect(asStale(state, 9).freshness).toEqual([
    { source: 0, status: 'stale', since: 9 },
    { source: 1, status: 'stale', since: 5 },
    freshness[2],
    freshness[3],
    { source: 4, status: 'stale' },
  ])
})

test('what was never whole is unread, and unreadable once it was tried in vain', () => {
  const [loading, failed, old]: Freshness[] = [
    { source: 0, status: 'loading' },
    { source: 0, status: 'stale', reason: 'no route' },
    { source: 0, status: 'stale', since: 1 },
  ]
  expect([loading, failed, old, live].map((it) => it && isUnread(it))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect([loading, failed, old, live].filter((it) => it && isUnreadable(it))).toEqual([failed])
})

test('rows may stay while another question about the same kind and places is answered', () => {
  const pods = {
    sources: [{ cluster: 'a', profile: 'b' }],
    group: '',
    version: 'v1',
    resource: 'pods',
    sort: [],
    offset: 0,
    limit: 100,
  }
  expect(sameSubject(pods, { ...pods, text: 'web', offset: 50 })).toBe(true)
  expect(sameSubject(pods, { ...pods, resource: 'nodes' })).toBe(false)
  expect(sameSubject(pods, { ...pods, sources: [{ cluster: 'a', profile: 'c' }] })).toBe(false)
})
