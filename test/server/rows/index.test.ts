import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** What of the catalogue this part of the product answers for: cases and features, by the system they come from. */
const rows: Readonly<Record<string, readonly (number | readonly [number, number])[]>> = {
  'S1-T': [[1, 17], [24, 29], 33, 34],
  'S2-T': [45],
  'S3-T': [8, [15, 17]],
  'S4-T': [[1, 6], 10, 12, 14, 15, 19, 20],
  'S1-F': [[25, 38], [64, 67], 69],
  'S5-F': [[38, 41], 47, 48],
}

const ids = Object.entries(rows).flatMap(([series, cases]) =>
  cases.flatMap((it) => {
    const [first, last] = typeof it === 'number' ? [it, it] : it
    return Array.from(
      { length: last - first + 1 },
      (_, at) => `${series}${String(first + at).padStart(2, '0')}`,
    )
  }),
)

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The ids that stand in a comment right above a test or group of tests, or behind its first line. */
function idsOf(text: string): readonly string[] {
  const lines = text.split('\n').map((it) => it.trim())
  return lines.flatMap((line, at) => {
    if (!/^(test|describe)(\.each)?\(/.test(line)) return []
    const above = lines.slice(0, at).toReversed()
    const end = above.findIndex((it) => !it.startsWith('//'))
    const comments = [
      ...above.slice(0, end === -1 ? above.length : end),
      /\/\/.*$/.exec(line)?.[0] ?? '',
    ]
    return comments.join(' ').match(/\bS\d-[FT]\d+\b/g) ?? []
  })
}

const tested = new Set(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((it) => it.endsWith('.test.ts'))
    .flatMap((it) => idsOf(readFileSync(join(root, it), 'utf8'))),
)

test('the catalogue has the rows that the product answers for', () => {
  expect(ids).toHaveLength(25 + 1 + 4 + 12 + 19 + 6)
  expect(ids).toContain('S1-T11')
  expect(ids).toContain('S1-F30')
  expect(new Set(ids).size).toBe(ids.length)
})

test.each(ids)('%s stands above a test', (id) => {
  expect([...tested]).toContain(id)
})

test('an id anywhere else does not count', () => {
  const far = ['// S9-T01', '', "test('a', () => {})"].join('\n')
  const inside = ["test('a', () => {", '  // S9-T01', '})'].join('\n')
  const near = ['// S9-T01, S9-F2: why', '// and', "test.each(['S9-T02'])('a', () => {})"].join(
    '\n',
  )
  expect([far, inside, near].map(idsOf)).toEqual([[], [], ['S9-T01', 'S9-F2']])
})
