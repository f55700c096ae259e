import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import {
  exportCommand,
  exportHref,
  filterOf,
  localTime,
  momentOf,
  narrowed,
} from '../../../renderer/screens/admin/audit-filter.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const session = '0b51e7a4-6f8e-4c4f-9d0c-0f3f3f6f1a11'

test('an address asks the gateway for what it says, a moving range from the moment it is asked at', () => {
  const search = { person: 'ada', verb: 'delete', resource: 'pods', result: 'refused', session }
  expect(filterOf(search, now)).toEqual(search)
  expect(filterOf({ last: 'day', until: '2026-11-01T00:00:00Z' }, now)).toEqual({
    since: '2026-11-21T12:00:00.000Z',
  })
  expect(filterOf({ last: 'hour' }, now + 1000)).toEqual({ since: '2026-11-22T11:00:01.000Z' })
})

test('what an address cannot mean is left out, and the rest holds', () => {
  const made = {
    result: 'whatever',
    since: 'yesterday',
    session: 'not-an-id',
    last: 'constructor',
    toString: 'x',
    limit: '100000',
    person: 'a'.repeat(200),
    namespace: 'shop',
  }
  expect(filterOf(made, now)).toStrictEqual({ namespace: 'shop' })
})

test('a range that moves and one that does not exclude each other, and nothing is empty', () => {
  const exact = { since: '2026-11-21T00:00:00Z', until: '2026-11-22T00:00:00Z', person: 'ada' }
  expect(narrowed(exact, { last: 'week' })).toEqual({ person: 'ada', last: 'week' })
  expect(narrowed({ last: 'week' }, { since: exact.since })).toEqual({ since: exact.since })
  expect(narrowed(exact, { person: '' })).toEqual({ since: exact.since, until: exact.until })
})

test('what is exported is what is shown, by link and by command', () => {
  expect(exportHref({})).toBe('/api/events/export')
  expect(exportHref({ person: 'a&b', verb: 'get' })).toBe(
    '/api/events/export?person=a%26b&verb=get',
  )
  expect(exportCommand({ since: '2026-11-22T08:00:00Z', person: 'ada@x.org' })).toBe(
    'gatehouse audit export --since=2026-11-22T08:00:00Z --person=ada@x.org',
  )
})

test('a shell takes each part of the command for one word, whatever it holds', () => {
  const hostile = [`it's; echo injected "$HOME" \`id\` \\`, '-x', '$(id)', ' ', "''", 'a\nb', '*']
  for (const person of hostile) {
    const words = exportCommand({ person }).replace('gatehouse audit export', 'printf "%s\\0"')
    expect(execFileSync('/bin/sh', ['-c', words]).toString()).toBe(`--person=${person}\0`)
  }
})

test('a time field shows the moment in the time of this machine and gives it back', () => {
  for (const moment of ['2026-11-22T08:00:07.000Z', '2026-06-30T23:59:59.000Z'])
    expect(momentOf(localTime(moment))).toBe(moment)
  expect(localTime('2026-11-22T08:00:07.000Z')).toMatch(/^2026-11-2\dT\d\d:\d\d:07$/)
  expect([localTime(undefined), localTime('yesterday'), momentOf('')]).toEqual(['', '', ''])
})
