import { expect, test } from 'vitest'
import { doubtsOf, surenessOf, unknownText } from '../../../renderer/screens/overview/doubts.ts'

const refused = (what: string) => ({
  what,
  view: {
    status: 'failed',
    freshness: [],
    error: { code: 'forbidden', message: `list ${what} is outside the scope of your grants` },
  } as const,
})
const stale = (what: string, reason: string) => ({
  what,
  view: {
    status: 'open',
    freshness: [{ source: 0, status: 'stale', since: 1, reason }],
  } as const,
})
const live = {
  what: 'Jobs',
  view: { status: 'open', freshness: [{ source: 0, status: 'live' }] },
} as const

test('a refusal is told once for all that it covers', () => {
  expect(doubtsOf([refused('nodes'), refused('pods'), live])).toEqual([
    {
      status: 'forbidden',
      reason: 'list nodes is outside the scope of your grants',
      what: 'nodes, pods',
    },
  ])
})

test('what is old for different reasons is told apart, what is live is not told at all', () => {
  const doubts = doubtsOf([stale('Nodes', 'down'), stale('Pods', 'slow'), live])
  expect(doubts.map(({ what, reason }) => [what, reason])).toEqual([
    ['Nodes', 'down'],
    ['Pods', 'slow'],
  ])
  expect(doubtsOf([stale('Nodes', 'down'), stale('Pods', 'down')])).toHaveLength(1)
})

const unread = {
  what: 'Claims',
  view: { status: 'open', freshness: [{ source: 0, status: 'stale', reason: 'no route' }] },
} as const
const loading = {
  what: 'Claims',
  view: { status: 'open', freshness: [{ source: 0, status: 'loading' }] },
} as const
const opening = { what: 'Claims', view: { status: 'opening', freshness: [] } } as const

test('that nothing fails is said only when all was looked at and is live', () => {
  expect(surenessOf([live, live])).toBe('sure')
  for (const it of [loading, opening]) expect(surenessOf([live, it])).toBe('reading')
  for (const it of [refused('pods'), stale('Pods', 'down'), unread])
    expect(surenessOf([live, loading, it])).toBe('doubtful')
})

test('what was never read has no number and no time, and is told by its own name', () => {
  expect([live, unread, loading, opening].map(({ view }) => unknownText(view))).toEqual([
    undefined,
    '…',
    '…',
    '…',
  ])
  expect([refused('pods'), stale('Pods', 'down')].map(({ view }) => unknownText(view))).toEqual([
    '—',
    undefined,
  ])
  expect(doubtsOf([unread])).toEqual([
    { status: 'unread', reason: 'no route', since: undefined, what: 'Claims' },
  ])
})

test('of the namespaces of one kind the worst is told', () => {
  const freshness = [
    { source: 0, namespace: 'a', status: 'loading' },
    { source: 0, namespace: 'b', status: 'stale', since: 1, reason: 'slow' },
    { source: 0, namespace: 'c', status: 'stale', reason: 'no route' },
  ] as const
  expect(doubtsOf([{ what: 'Pods', view: { status: 'open', freshness } }])).toMatchObject([
    { status: 'unread', reason: 'no route' },
  ])
})
