import { expect, test } from 'vitest'
import { whatOf } from '../../../renderer/screens/admin/event-text.ts'

test('who looked at a list is told with its kind, as RBAC writes it', () => {
  const looked = { phase: 'event', action: 'view', verb: 'list' } as const
  expect(whatOf({ ...looked, group: '', resource: 'secrets' })).toBe('view secrets')
  expect(whatOf({ ...looked, group: 'apps', resource: 'deployments' })).toBe(
    'view deployments.apps',
  )
})

test('a call is told by its verb, anything else by its name, and a part of both by its phase', () => {
  const exec = { verb: 'get', group: '', resource: 'pods', subresource: 'exec' }
  expect(whatOf({ ...exec, phase: 'event', action: 'proxy' })).toBe('get pods/exec')
  expect(whatOf({ ...exec, phase: 'intent', action: 'terminal' })).toBe(
    'terminal pods/exec (intent)',
  )
  expect(whatOf({ phase: 'event', action: 'sessions.create' })).toBe('sessions.create')
})
