import { expect, test } from 'vitest'
import { selectorOf } from '../../../renderer/data/logs/selector.ts'

const of = (selector: unknown, resource = 'deployments') =>
  selectorOf({ spec: { selector } }, { resource, name: 'web' })

test('expressions narrow the pods as labels do, together and alone', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['a', 'b'] },
    { key: 'canary', operator: 'DoesNotExist' },
  ]
  expect(of({ matchExpressions })).toBe('tier in (a,b),!canary')
  expect(of({ matchLabels: { app: 'web' }, matchExpressions })).toBe(
    'app=web,tier in (a,b),!canary',
  )
})

test('a Service selects by plain labels, whatever they are called, and a Job by its name', () => {
  expect(of({ app: 'web', tier: 'front' }, 'services')).toBe('app=web,tier=front')
  expect(of({ matchLabels: 'odd' }, 'services')).toBe('matchLabels=odd')
  expect(of({ matchLabels: { uid: '1' } }, 'jobs')).toBe('job-name=web')
})

test('what selects nothing, or in a way that nobody knows, has no selector', () => {
  for (const selector of [undefined, {}, { matchLabels: {} }, 'app=web'])
    expect(of(selector)).toBeUndefined()
  expect(of({ matchExpressions: [{ key: 'a', operator: 'Like', values: ['b'] }] })).toBeUndefined()
  expect(selectorOf({}, { resource: 'services', name: 'web' })).toBeUndefined()
})
