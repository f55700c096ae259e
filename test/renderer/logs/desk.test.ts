import { expect, test } from 'vitest'
import type { LogsDown } from '#gateway/streams.ts'
import { LogDesk } from '../../../renderer/data/logs/desk.ts'
import type { DeskAnswer, DeskAsk, LogRow } from '../../../renderer/data/logs/messages.ts'

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000000Z`

function desk(bounds = { lines: 100_000, chars: 1e9 }) {
  const it = new LogDesk(bounds, () => Date.parse(at(30)))
  let rows: readonly LogRow[] = []
  const take = (answers: readonly DeskAnswer[]) => {
    for (const answer of answers) if (answer.type === 'update' && answer.rows) rows = answer.rows
    return answers
  }
  const ask = (message: DeskAsk) => take(it.hear(message))
  const down = (message: LogsDown) => ask({ type: 'down', message })
  const source = (
    number: number,
    container: string,
    status: 'open' | 'ended' | 'failed' = 'open',
  ) => down({ type: 'source', source: number, pod: 'web', container, status })
  const lines = (...them: [number, number, string][]) =>
    down({ type: 'lines', lines: them.map(([from, second, text]) => [from, at(second), text]) })
  const state = () => {
    const update = it.update()
    take([update])
    if (update.type !== 'update') throw new Error('no update')
    return update.state
  }
  const texts = () => {
    state()
    return rows.map((row) =>
      row.kind === 'line' ? row.spans.map(({ text }) => text).join('') : row.kind,
    )
  }
  return { ask, down, source, lines, state, texts, rows: () => rows }
}

const query = (text: string) => ({ text, pattern: false, matchCase: false })

test('a stream that is opened again adds no line twice and says that nothing is missing', () => {
  const it = desk()
  it.source(0, 'app')
  it.lines([0, 1, 'one'], [0, 2, 'two'], [0, 2, 'two again'])
  it.ask({ type: 'resumed' })
  it.source(7, 'app')
  it.lines([7, 1, 'one'], [7, 2, 'two'], [7, 2, 'two again'], [7, 2, 'two, third'], [7, 3, 'three'])
  expect(it.texts()).toEqual(['one', 'two', 'two again', 'gap', 'two, third', 'three'])
  expect(it.rows()[3]?.gap).toEqual({ from: at(2), to: at(2), whole: true })
  expect(it.state().sources).toMatchObject([{ container: 'app', lines: 5 }])
})

test('a gap that could not be filled is shown as one', () => {
  const it = desk()
  it.source(0, 'app')
  it.lines([0, 1, 'one'])
  it.ask({ type: 'resumed' })
  it.source(0, 'app')
  it.lines([0, 9, 'nine'])
  expect(it.texts()).toEqual(['one', 'gap', 'nine'])
  expect(it.rows()[1]?.gap).toMatchObject({ whole: false, from: at(1), to: at(9) })
})

test('gaps that the gateway tells stand at their place among the lines', () => {
  const it = desk()
  it.source(0, 'app')
  it.lines([0, 1, 'one'])
  it.down({ type: 'gap', source: 0, from: at(1), to: at(5), whole: false, recovered: 2 })
  it.lines([0, 4, 'four'], [0, 6, 'six'])
  expect(it.texts()).toEqual(['one', 'gap', 'four', 'six'])
})

test('every line that was taken is acknowledged, those that were known already too', () => {
  const it = desk()
  it.source(0, 'app')
  expect(it.lines([0, 1, 'one'], [0, 2, 'two'])).toEqual([{ type: 'taken', count: 2 }])
  it.ask({ type: 'resumed' })
  it.source(0, 'app')
  expect(it.lines([0, 1, 'one'])).toEqual([{ type: 'taken', count: 1 }])
})

test('a filter narrows the rows and marks what was found', () => {
  const it = desk()
  it.source(0, 'app')
  it.lines([0, 1, 'a red fish'], [0, 2, 'a bird'], [0, 3, 'red'])
  it.ask({
    type: 'filter',
    filter: { query: query('RED'), invert: false, context: 0, level: 0, hidden: [] },
  })
  expect(it.texts()).toEqual(['a red fish', 'red'])
  expect(it.rows()[0]?.spans).toEqual([
    { text: 'a ' },
    { text: 'red', mark: 'filter' },
    { text: ' fish' },
  ])
})

test('a bad pattern is told and changes nothing', () => {
  const it = desk()
  it.source(0, 'app')
  it.lines([0, 1, 'one'])
  const filter = {
    query: { ...query('('), pattern: true },
    invert: false,
    context: 0,
    level: 0,
    hidden: [],
  }
  it.ask({ type: 'filter', filter })
  expect(it.state().filterReason).toBeTruthy()
  expect(it.texts()).toEqual(['one'])
})

test('a search counts hits also among lines that come later or come in between', () => {
  const it = desk()
  it.source(0, 'app')
  it.source(1, 'side')
  it.lines([0, 1, 'hit'], [0, 2, 'miss'], [0, 9, 'hit'])
  it.ask({ type: 'search', query: query('hit') })
  expect(it.state().search).toEqual({ hits: 2 })
  it.lines([1, 5, 'hit'])
  expect(it.state().search).toEqual({ hits: 3 })
  const step = (from: number, forwards: boolean) => it.ask({ type: 'step', from, forwards })[0]
  expect(step(-1, true)).toEqual({ type: 'found', index: 0, nth: 1 })
  expect(step(0, true)).toEqual({ type: 'found', index: 2, nth: 2 })
  expect(step(3, true)).toEqual({ type: 'found', index: 0, nth: 1 })
  expect(step(2, false)).toEqual({ type: 'found', index: 0, nth: 1 })
  expect(step(0, false)).toEqual({ type: 'found', index: 3, nth: 3 })
})

test('JSON is shown as its message and the rest, and whole when it is opened', () => {
  const it = desk()
  it.source(0, 'app')
  it.lines([0, 1, '{"level":"error","msg":"no","user":{"id":7},"tags":["a"],"time":"x"}'])
  expect(it.texts()).toEqual(['no'])
  expect(it.rows()[0]).toMatchObject({
    level: 5,
    fields: [
      ['user.id', '7'],
      ['tags', '["a"]'],
    ],
  })
  const id = it.rows()[0]?.id ?? -1
  it.ask({ type: 'window', window: { from: 'end', count: 10, fold: true, opened: [id] } })
  expect(it.rows()[0]?.whole).toContain('"user": {\n    "id": 7')
})

test('colours become looks by name, the words stay the same', () => {
  const it = desk()
  it.source(0, 'app')
  it.lines([
    0,
    1,
    '\u001b[1;31mERROR\u001b[0m \u001b[38;5;34mfine\u001b[0m \u001b[38;2;250;250;250mgrey\u001b[0m',
  ])
  it.state()
  expect(it.rows()[0]?.spans).toEqual([
    { text: 'ERROR', look: 'red bold' },
    { text: ' ' },
    { text: 'fine', look: 'green' },
    { text: ' ' },
    { text: 'grey' },
  ])
  expect(it.rows()[0]?.level).toBe(5)
})

test('what is saved comes in pieces that together are every line, to the nanosecond', () => {
  const it = desk()
  it.source(0, 'app')
  for (let i = 0; i < 30; i += 1)
    it.down({
      type: 'lines',
      lines: Array.from({ length: 1000 }, (_, n) => [
        0,
        `2026-01-01T00:00:10.${String(i * 1000 + n).padStart(9, '0')}Z`,
        `${'x'.repeat(60)} ${i * 1000 + n}`,
      ]),
    })
  const pieces: string[] = []
  for (let from: number | undefined = 0; from !== undefined;) {
    const [answer]: DeskAnswer[] = [
      ...it.ask({ type: 'part', part: { what: 'all', from, times: true } }),
    ]
    if (answer?.type !== 'part') throw new Error('no part')
    pieces.push(answer.text)
    from = answer.next
  }
  const saved = pieces.join('').split('\n')
  expect(pieces.length).toBeGreaterThan(1)
  expect(saved).toHaveLength(30_001)
  expect(saved[12_345]).toBe(`2026-01-01T00:00:10.000012345Z ${'x'.repeat(60)} 12345`)
})

test('rows that did not change are not sent again', () => {
  const it = desk()
  it.source(0, 'app')
  it.lines([0, 1, 'one'])
  it.state()
  const { ask } = it
  expect(
    ask({
      type: 'filter',
      filter: { query: undefined, invert: false, context: 0, level: 0, hidden: [] },
    }),
  ).toMatchObject([{ type: 'update', rows: [{}] }])
  it.down({ type: 'end' })
  const before = it.rows()
  expect(it.state().ended).toBe(true)
  expect(it.rows()).toBe(before)
})
