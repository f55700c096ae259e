import { expect, test } from 'vitest'
import { filtered, filterLine, isWhole, parseFilter } from '../../../renderer/app/filter-text.ts'

test('one line holds words, patterns, labels and statuses', () => {
  expect(parseFilter('web !old label:app=web status:Running,"Some words" /^api-/')).toEqual({
    text: 'web !old /^api-/',
    labels: 'app=web',
    statuses: ['Running', 'Some words'],
  })
  expect(parseFilter('l:a=b s:Failed labels:c')).toEqual({ labels: 'a=b,c', statuses: ['Failed'] })
  expect(parseFilter('   ')).toEqual({})
})

test('a line that was taken apart is put together again', () => {
  const lines = [
    'web !old',
    'label:app=web,tier!=db',
    'status:CrashLoopBackOff,Running',
    'web label:app=web status:"Two words",One,"Three more words"',
    'label:"tier in (a,b),!old"',
    '/a b\\/c/ web',
  ]
  for (const line of lines) expect(filterLine(parseFilter(line))).toBe(line)
})

test('a filter that is still being typed is not asked for', () => {
  for (const line of ['label:app=', 'label:app!', 'label:"tier in (a,', '/^api-', 'web !/old'])
    expect([line, isWhole(parseFilter(line))]).toEqual([line, false])
  for (const line of ['label:app=web', 'label:!old', '/^api-/', 'web', ''])
    expect([line, isWhole(parseFilter(line))]).toEqual([line, true])
})

test('another filter leaves the rest of the list as it is', () => {
  const list = {
    screen: 'list' as const,
    places: [{ cluster: 'a', profile: 'b' }],
    kind: { group: '', version: 'v1', resource: 'pods' },
    namespaces: ['shop'],
    text: 'web',
    labels: 'a=b',
  }
  const { text: _, labels: __, ...rest } = list
  expect(filtered(list, { statuses: ['Failed'] })).toEqual({ ...rest, statuses: ['Failed'] })
  expect(filtered(list, {})).toEqual(rest)
})
