import { expect, test } from 'vitest'
import { LogFilter } from '../../../server/terminals/log-filter.ts'
import { LogFlow } from '../../../server/terminals/log-flow.ts'
import { LineReader } from '../../../server/terminals/log-lines.ts'
import { LogSeam } from '../../../server/terminals/log-seam.ts'

const time = (second: number, nanos = 0) =>
  `2026-01-01T00:00:${String(second).padStart(2, '0')}.${String(nanos).padStart(9, '0')}Z`

function readIn(pieces: readonly Buffer[]): [string, string][] {
  const lines: [string, string][] = []
  const reader = new LineReader((at, text) => lines.push([at, text]))
  for (const piece of pieces) reader.push(piece)
  reader.end()
  return lines
}

test('lines are whole wherever their bytes were torn, a character included', () => {
  const log = Buffer.from(
    `${time(1)} grüße 👋\n${time(2)} \n${time(3)} spaces  stay \r\nno time\nlast`,
  )
  const whole = readIn([log])
  expect(whole).toEqual([
    [time(1), 'grüße 👋'],
    [time(2), ''],
    [time(3), 'spaces  stay \r'],
    ['', 'no time'],
    ['', 'last'],
  ])
  for (let at = 1; at < log.length; at += 1)
    expect(readIn([log.subarray(0, at), log.subarray(at)])).toEqual(whole)
  expect(readIn([...log].map((byte) => Buffer.of(byte)))).toEqual(whole)
})

test('times of other zones and shorter ones are told in UTC with nine digits', () => {
  const lines = readIn([Buffer.from('2026-01-01T01:00:05.5+01:00 a\n2026-01-01T00:00:06Z b\n')])
  expect(lines).toEqual([
    [time(5, 500_000_000), 'a'],
    [time(6), 'b'],
  ])
})

test('a line without an end is cut and says so, and the next one is whole', () => {
  const part = Buffer.alloc(100_000, 'x')
  const [first, second] = readIn([
    Buffer.from(`${time(1)} `),
    part,
    part,
    part,
    part,
    Buffer.from('\nnext\n'),
  ])
  expect(first?.[1].length).toBeLessThan(263_000)
  expect(first?.[1]).toContain('[cut')
  expect(second).toEqual(['', 'next'])
})

test('what is read twice is given once, and what is new of the same second is given', () => {
  const seam = new LogSeam()
  const before = [
    [time(1), 'a'],
    [time(2, 1), 'b'],
    [time(2, 1), 'b'],
    [time(2, 5), 'c'],
  ] as const
  for (const [at, text] of before) expect(seam.isNew(at, text)).toBe(true)
  expect(seam.since).toBe('2026-01-01T00:00:02Z')
  seam.again()
  const again = [
    ...before.slice(1),
    [time(2, 5), 'd'],
    [time(2, 4), 'late'],
    [time(3), 'e'],
  ] as const
  expect(again.filter(([at, text]) => seam.isNew(at, text)).map(([, text]) => text)).toEqual([
    'd',
    'late',
    'e',
  ])
  expect(seam.isWhole).toBe(true)
})

test('a log whose last line is not met again is not whole', () => {
  const seam = new LogSeam()
  seam.isNew(time(1), 'a')
  seam.again()
  expect(seam.isNew(time(9), 'after a rotation')).toBe(true)
  expect(seam.isWhole).toBe(false)
})

test('lines wait beyond a mebibyte under way, until half of it is worked off', () => {
  const told: string[] = []
  const flow = new LogFlow(
    () => told.push('hold'),
    () => told.push('release'),
  )
  for (let count = 0; count < 17; count += 1) flow.sent(100, 64 * 1024)
  expect(told).toEqual(['hold'])
  flow.taken(700)
  expect(told).toEqual(['hold'])
  flow.taken(300)
  expect(told).toEqual(['hold', 'release'])
})

test('a filter that takes too much time for too long is given up', () => {
  const filter = new LogFilter('a', false)
  filter.took(900)
  expect(() => filter.took(900)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})
