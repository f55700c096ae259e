import { describe, expect, test } from 'vitest'
import { readDocumentsApart } from '../../../server/services/documents-apart.ts'
import { readDocuments } from '../../../server/services/documents.ts'

const head = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`

test('documents are read in their order, lists are unfolded, empty ones are no objects', () => {
  const list = `kind: ConfigMapList\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n`
  const read = readDocuments(`---\n# nothing\n---\n${head('a')}---\n${list}`)
  expect(read.map((it) => it.index)).toEqual([1, 2, 2])
  expect(read.map((it) => (it.object['metadata'] as { name: string }).name)).toEqual([
    'a',
    'b',
    'c',
  ])
})

test('JSON is YAML, and an alias within reason is resolved', () => {
  const json = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
  expect(readDocuments(json)).toHaveLength(1)
  const [aliased] = readDocuments(`${head('a')}data:\n  one: &it "1"\n  two: *it\n`)
  expect(aliased?.object['data']).toEqual({ one: '1', two: '1' })
})

const bomb = `a: &a [x, x]\n${'bcdefghij'
  .split('')
  .map(
    (it, at, all) =>
      `${it}: &${it} [${Array(9)
        .fill(`*${all[at - 1] ?? 'a'}`)
        .join(', ')}]`,
  )
  .join('\n')}\n${head('a')}`

const bad: [string, string][] = [
  ['not YAML', 'a: [1'],
  ['no object', 'just words'],
  ['nothing at all', '# nothing\n'],
  ['a list of objects', `- ${JSON.stringify({ kind: 'ConfigMap' })}`],
  ['no kind', 'apiVersion: v1\nmetadata: {name: a}'],
  ['no name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a}'],
  ['a key twice', `${head('a')}data: {x: "1", x: "2"}`],
  ['a key that is no word', `${head('a')}? [1, 2]\n: x`],
  ['an unknown alias', `${head('a')}data: *nothing`],
  ['aliases that double nine times', bomb],
  ['depth beyond every object', `${head('a')}x: ${'['.repeat(500)}${']'.repeat(500)}`],
  ['depth beyond the stack', '['.repeat(8000)],
  ['more words than a heap should hold', '['.concat(','.repeat(1_400_000))],
  ['more objects than may be applied at a time', `${head('a')}---\n`.repeat(201)],
]

describe('what cannot be applied is bad input and names where', () => {
  test.each(bad)('%s', async (_what, text) => {
    await expect(readDocumentsApart(text)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^documents/) as string,
    })
  })

  test('the line is named', () => {
    expect(() => readDocuments(`${head('a')}data: {x: "1"\nfoo: [`)).toThrow(
      /documents\.0: line \d/,
    )
  })
})

test('a text that was made to take long is read beside the gateway, which goes on meanwhile', async () => {
  let turns = 0
  const clock = setInterval(() => (turns += 1), 20)
  try {
    const attempt = readDocumentsApart('['.concat(','.repeat(250_000)))
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_input' })
  } finally {
    clearInterval(clock)
  }
  // A reader in this thread would have let none pass.
  expect(turns).toBeGreaterThan(20)
})

test('a large text that is honest is read', async () => {
  const value = 'x'.repeat(1000)
  const text = Array.from({ length: 150 }, (_, at) => `${head(`m${at}`)}data: {a: ${value}}\n`)
  await expect(readDocumentsApart(text.join('---\n'))).resolves.toHaveLength(150)
})
