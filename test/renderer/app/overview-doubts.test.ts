import { expect, test } from 'vitest'
import { doubtsOf } from '../../../renderer/screens/overview/doubts.ts'

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
