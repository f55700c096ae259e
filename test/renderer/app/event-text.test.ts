import { expect, test } from 'vitest'
import { Event } from '#gateway/events.ts'
import { fieldsOf } from '../../../renderer/screens/admin/event-fields.ts'
import { whatOf } from '../../../renderer/screens/admin/event-text.ts'
import { english } from '../../../renderer/texts/en/catalogue.ts'

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

test('a record is told whole, in the order of the contract, and what it does not say is left out', () => {
  const event: Event = {
    writer: 'w1',
    sequence: 7,
    at: '2026-11-22T08:00:00.000Z',
    phase: 'outcome',
    id: 'a1',
    action: 'proxy',
    result: 'failed',
    person: 'ada',
    grants: ['g1', 'g2'],
    verb: 'delete',
    group: '',
    resource: 'pods',
    status: 0,
    detail: { container: 'main', command: 'sh -c' },
    hash: 'ff00',
  }
  expect(fieldsOf(event).map(([field]) => field)).toEqual(
    Object.keys(event).filter((it) => it !== 'group'),
  )
  expect(Object.fromEntries(fieldsOf(event))).toMatchObject({
    sequence: '7',
    grants: 'g1, g2',
    status: '0',
    detail: 'container: main\ncommand: sh -c',
  })
})

test('every field of the contract has a name on the screen', () => {
  expect(Object.keys(english.admin.eventField)).toEqual(Object.keys(Event.shape))
})
