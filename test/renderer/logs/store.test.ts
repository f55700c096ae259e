import { expect, test } from 'vitest'
import { compile, type Query } from '../../../renderer/data/logs/matcher.ts'
import { LogStore, type RawLine } from '../../../renderer/data/logs/store.ts'
import { everything, LogView, type Filter } from '../../../renderer/data/logs/view.ts'

const wide = { lines: 1_000_000, chars: 1e9 }

const time = (second: number, nanos = 0) =>
  `${new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().slice(0, -4)}${String(nanos).padStart(9, '0')}Z`

const line = (source: number, second: number, text = `s${source} ${second}`): RawLine => [
  source,
  time(second),
  text,
]

const texts = (store: LogStore) =>
  Array.from({ length: store.end - store.start }, (_, i) => store.text(store.idAt(store.start + i)))

const shown = (store: LogStore, view: LogView) =>
  Array.from({ length: view.end - view.start }, (_, i) => {
    const { place, context } = view.at(view.start + i)
    return `${context ? '~' : ''}${store.text(store.idAt(place))}`
  })

function matcher(query: Partial<Query>) {
  const compiled = compile({ text: '', pattern: false, matchCase: false, ...query })
  if (compiled.status === 'bad') throw new Error(compiled.reason)
  return compiled.matcher
}

/** The same random numbers in every run. */
function dice(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
}

test('lines of several sources stand in the order of time, each source in its own order', () => {
  const store = new LogStore(wide)
  store.push([line(0, 1), line(0, 5), line(0, 9)])
  store.push([line(1, 2), line(1, 5), line(1, 7)])
  expect(texts(store)).toEqual(['s0 1', 's1 2', 's0 5', 's1 5', 's1 7', 's0 9'])
  expect(store.writtenTime(store.idAt(store.start))).toBe('2026-01-01T00:00:01.000000000Z')
})

test('a clock that jumps back does not turn round what a source said', () => {
  const store = new LogStore(wide)
  store.push([line(0, 10, 'first'), line(0, 3, 'second'), line(0, 11, 'third')])
  expect(texts(store)).toEqual(['first', 'second', 'third'])
})

test('the oldest lines go when there are too many, and the number of those that went is known', () => {
  const store = new LogStore({ lines: 10_000, chars: 1e9 })
  for (let second = 0; second < 30_000; second += 1) {
    store.push([line(0, second)])
    store.trim()
  }
  const left = texts(store)
  expect(left.at(-1)).toBe('s0 29999')
  expect(left.length).toBeLessThanOrEqual(10_000)
  expect(store.dropped).toBe(30_000 - left.length)
  expect(left[0]).toBe(`s0 ${store.dropped}`)
})

test('text beyond the bound of letters goes too', () => {
  const store = new LogStore({ lines: 1e6, chars: 2_000_000 })
  for (let i = 0; i < 30; i += 1) {
    store.push(Array.from({ length: 1000 }, () => line(0, i, 'x'.repeat(200))))
    store.trim()
  }
  expect(store.chars).toBeLessThanOrEqual(2_000_000)
  expect(store.dropped).toBeGreaterThan(0)
})

test('the words of coloured lines are searched without their codes and kept with them', () => {
  const store = new LogStore(wide)
  store.push([line(0, 1, '\u001b[31mred\u001b[0m fish')])
  const id = store.idAt(store.start)
  expect(store.text(id)).toBe('red fish')
  expect(store.rawText(id)).toBe('\u001b[31mred\u001b[0m fish')
})

test('a filter shows what fits with the lines around it', () => {
  const store = new LogStore(wide)
  const view = new LogView(store)
  view.show({ ...everything, matcher: matcher({ text: 'HIT' }), context: 1 })
  view.take(store.push([line(0, 1, 'a'), line(0, 2, 'b'), line(0, 3, 'a hit')]))
  view.take(store.push([line(0, 4, 'c'), line(0, 5, 'd'), line(0, 6, 'e')]))
  expect(shown(store, view)).toEqual(['~b', 'a hit', '~c'])
})

test('a mark is shown whatever is looked for, unless its source is hidden', () => {
  const store = new LogStore(wide)
  const view = new LogView(store)
  view.show({ ...everything, matcher: matcher({ text: 'nothing' }) })
  view.take(store.push([line(0, 1)]))
  view.take(store.mark(0, 'gap', { at: time(1), text: 'gap' }))
  expect(shown(store, view)).toEqual(['gap'])
  view.show({ ...everything, hidden: new Set([0]) })
  expect(shown(store, view)).toEqual([])
})

test('a pattern does not run over the end of a line, and a bad one is told', () => {
  const store = new LogStore(wide)
  for (let i = 0; i < 5000; i += 1) store.push([line(0, i, i % 2 ? 'end' : 'begin')])
  const found: number[] = []
  store.scan(matcher({ text: 'begin\\s+end', pattern: true }), (id) => found.push(id))
  expect(found).toEqual([])
  expect(compile({ text: '(', pattern: true, matchCase: false }).status).toBe('bad')
})

test('after any mix of late sources, filters and losses a view shows what a plain list would', () => {
  for (let seed = 1; seed <= 10; seed += 1) compareWithPlainList(seed)
})

function compareWithPlainList(seed: number): void {
  const roll = dice(seed)
  const bounds = { lines: 9_000, chars: 1e9 }
  const store = new LogStore(bounds)
  const view = new LogView(store)
  const filters: Filter[] = [
    everything,
    { ...everything, matcher: matcher({ text: '7' }), context: 2 },
    { ...everything, matcher: matcher({ text: '[35]$', pattern: true }), invert: true },
    { ...everything, hidden: new Set([1]) },
    {
      ...everything,
      matcher: matcher({ text: 's2', matchCase: true }),
      context: 1,
      hidden: new Set([0]),
    },
  ]
  let filter = everything
  const clocks = [0, 0, 0]
  for (let round = 0; round < 60; round += 1) {
    const batch = Array.from({ length: roll(600) }, () => {
      const source = roll(3)
      clocks[source] = (clocks[source] ?? 0) + roll(3)
      return line(source, clocks[source])
    })
    view.take(store.push(batch))
    if (store.trim()) view.rebuild()
    else view.drop()
    if (roll(8) === 0) {
      filter = filters[roll(filters.length)] ?? everything
      view.show(filter)
    }
    expect(shown(store, view)).toEqual(plain(store, filter, view))
  }
}

function plain(store: LogStore, filter: Filter, view: LogView): string[] {
  const { matcher: it, invert, context, hidden } = filter
  const ids = Array.from({ length: store.end - store.start }, (_, i) => store.idAt(store.start + i))
  const sorted = ids.every(
    (id, at) => at === 0 || store.timeOf(ids[at - 1] ?? 0) <= store.timeOf(id),
  )
  expect(sorted).toBe(true)
  const visible = (id: number) => !hidden.has(store.sourceOf(id))
  const fits = ids.map((id) => visible(id) && (!it || it.test(store.text(id)) !== invert))
  const rows = ids.flatMap((id, at) => {
    if (fits[at]) return [store.text(id)]
    const near = fits.slice(Math.max(0, at - context), at + context + 1).includes(true)
    return near && visible(id) ? [`~${store.text(id)}`] : []
  })
  // Context after a line that was let go stays until it goes itself.
  const have = shown(store, view)
  while (have.length > rows.length && have[0]?.startsWith('~')) rows.unshift(have.shift() ?? '')
  return rows
}
