import { beforeEach, expect, test } from 'vitest'
import type { ViewAsk, ViewQuery, ViewUpdate } from '#gateway/views.ts'
import { DrawingPace } from '../../../renderer/data/drawing-pace.ts'
import { LiveViews } from '../../../renderer/data/live-views.ts'

let said: ViewAsk[]
let rested: number
let views: LiveViews

beforeEach(() => {
  said = []
  rested = 0
  views = new LiveViews({
    send: (ask) => void said.push(ask),
    wake: () => undefined,
    rest: () => void (rested += 1),
    freshened: () => undefined,
    pace: new DrawingPace({
      now: () => 0,
      afterFrame: (done) => {
        queueMicrotask(() => done(0))
        return () => undefined
      },
      after: () => () => undefined,
    }),
  })
})

const count = (resource: string, more: Partial<ViewQuery> = {}): ViewQuery => ({
  sources: [{ cluster: 'west', profile: 'admin' }],
  group: '',
  version: 'v1',
  resource,
  sort: [],
  offset: 0,
  limit: 0,
  ...more,
})

const update = (view: number, total: number): ViewUpdate => ({
  type: 'update',
  view,
  revision: 1,
  total,
  all: total,
  facets: [],
  tones: {},
  sums: {},
  offset: 0,
  rows: [],
  freshness: [{ source: 0, status: 'live' }],
})

/** What was said since the last look, in short. */
function heard(): string[] {
  const short = said.map((it) => `${it.type} ${it.view}`)
  said = []
  return short
}
const turn = () => Promise.resolve()

test('who asks for the same numbers shares one view, whatever their order and window', async () => {
  const [tree, overview] = [views.hold(), views.hold()]
  let told = 0
  overview.subscribe(() => (told += 1))
  tree.ask(count('pods'))
  overview.ask(count('pods', { sort: [{ column: 'name', descending: true }], offset: 9 }))
  expect(heard()).toEqual(['open 1'])
  views.answered(update(1, 7))
  expect([tree.state().total, overview.state().total, told]).toEqual([7, 7, 1])
  tree.ask(undefined)
  await turn()
  expect(heard()).toEqual(['ack 1'])
  overview.ask(undefined)
  await turn()
  expect(heard()).toEqual(['close 1'])
  expect([views.size, rested]).toEqual([0, 1])
})

test('whoever comes later sees at once what is known, and what is left in a turn is taken up in it', async () => {
  const [first, second] = [views.hold(), views.hold()]
  first.ask(count('pods'))
  views.answered(update(1, 7))
  first.ask(undefined)
  second.ask(count('pods'))
  await turn()
  expect(second.state()).toMatchObject({ status: 'open', total: 7 })
  expect(heard()).toEqual(['open 1', 'ack 1'])
})

test('other kinds, filters and rows are views of their own', () => {
  const queries = [
    count('pods'),
    count('nodes'),
    count('pods', { text: 'web' }),
    count('pods', { tones: ['failed'] }),
    count('pods', { limit: 10 }),
    count('pods', { limit: 10 }),
  ]
  for (const it of queries) views.hold().ask(it)
  expect(heard()).toEqual([1, 2, 3, 4, 5, 6].map((it) => `open ${it}`))
})

test('another question changes a view of one’s own, and leaves one that others look at', async () => {
  const [tree, overview] = [views.hold(), views.hold()]
  tree.ask(count('pods'))
  tree.ask(count('pods', { namespaces: ['shop'] }))
  expect(heard()).toEqual(['open 1', 'change 1'])
  overview.ask(count('pods', { namespaces: ['shop'] }))
  views.answered(update(1, 3))
  tree.ask(count('pods'))
  await turn()
  // What was known stays until there is an answer.
  expect([tree.state().total, overview.state().total]).toEqual([3, 3])
  views.answered(update(2, 7))
  expect([tree.state().total, overview.state().total]).toEqual([7, 3])
  await turn()
  expect(heard()).toEqual(['open 2', 'ack 1', 'ack 2'])
  const rows = views.hold()
  rows.ask(count('nodes', { limit: 10 }))
  rows.ask(count('secrets', { limit: 10 }))
  expect(heard()).toEqual(['open 3', 'close 3', 'open 4'])
})

test('a refusal is for all who share it, and whoever comes then asks anew', () => {
  const [first, second] = [views.hold(), views.hold()]
  first.ask(count('pods'))
  views.answered({ type: 'failed', view: 1, error: { code: 'rate_limited', message: 'too many' } })
  expect(first.state()).toMatchObject({ status: 'failed', error: { code: 'rate_limited' } })
  second.ask(count('pods'))
  expect(heard()).toEqual(['open 1', 'open 1'])
  expect([first.state().status, second.state().status]).toEqual(['opening', 'opening'])
})
