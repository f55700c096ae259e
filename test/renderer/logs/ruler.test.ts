import { expect, test } from 'vitest'
import { levels } from '../../../renderer/data/logs/line.ts'
import { compile } from '../../../renderer/data/logs/matcher.ts'
import { PacedRuler, rulerOf, type Ruler } from '../../../renderer/data/logs/ruler.ts'
import { LogStore, type RawLine } from '../../../renderer/data/logs/store.ts'
import { everything, LogView, type Filter } from '../../../renderer/data/logs/view.ts'

const start = Date.UTC(2026, 0, 1)
const line = (source: number, milliseconds: number, text: string): RawLine => [
  source,
  new Date(start + milliseconds).toISOString(),
  text,
]

function open(bounds = { lines: 1_000_000, chars: 1e9 }) {
  const store = new LogStore(bounds)
  const view = new LogView(store)
  const push = (...lines: RawLine[]) => {
    view.take(store.push(lines))
    const moved = store.trim()
    if (moved > 0) view.rebuild(moved)
    else view.drop()
  }
  return { store, view, push }
}

function matching(text: string): Filter {
  const compiled = compile({ text, pattern: false, matchCase: true })
  if (compiled.status === 'bad') throw new Error(compiled.reason)
  return { ...everything, matcher: compiled.matcher }
}

const bars = ({ bars: all }: Ruler) =>
  Array.from({ length: all.length / 3 }, (_, at) => [...all.subarray(at * 3, at * 3 + 3)])
const sum = (ruler: Ruler | undefined) =>
  (ruler ? bars(ruler) : []).reduce<number[]>(
    (all, bar) => bar.map((it, at) => it + (all[at] ?? 0)),
    [0, 0, 0],
  )

test('lines are counted where they stand in time, with what is a warning or worse', () => {
  const { view, push } = open()
  push(
    line(0, 1_200, 'one'),
    line(0, 1_900, 'WARN two'),
    line(0, 4_000, 'ERROR three'),
    line(0, 4_500, 'FATAL four'),
    line(0, 119_000, 'five'),
  )
  const ruler = rulerOf(view)
  expect(ruler).toMatchObject({ from: start + 1_000, width: 1_000 })
  expect(ruler && bars(ruler).slice(0, 4)).toEqual([
    [2, 1, 0],
    [0, 0, 0],
    [0, 0, 0],
    [2, 0, 2],
  ])
  expect(ruler?.bars.length).toBe(119 * 3)
  expect(ruler && bars(ruler).at(-1)).toEqual([1, 0, 0])
})

test('a filter counts what fits: no line around it, no mark', () => {
  const { store, view, push } = open()
  push(line(0, 0, 'a'), line(0, 1, 'hit WARN'), line(0, 2, 'b'), line(0, 3, 'hit'))
  view.take(store.mark(0, 'gap', { at: new Date(start + 2).toISOString(), text: '{}' }))
  expect(sum(rulerOf(view))).toEqual([4, 1, 0])
  view.show({ ...matching('hit'), context: 1 })
  expect(sum(rulerOf(view))).toEqual([2, 1, 0])
  view.show(matching('nothing like it'))
  expect(sum(rulerOf(view))).toEqual([0, 0, 0])
})

test('before there are lines, and where they have no time, there is no ruler', () => {
  const { view, push } = open()
  expect(rulerOf(view)).toBeUndefined()
  push([0, '', 'one'], [0, '', 'two'])
  expect(rulerOf(view)).toBeUndefined()
  push(line(1, 5, 'three'))
  expect(sum(rulerOf(view))).toEqual([1, 0, 0])
})

test('bars are never more than can be told apart, from a millisecond to years', () => {
  for (const span of [0, 1, 118, 119, 1_234, 59_999, 3_600_000, 1e9, 1e11, 2.5e12]) {
    const { view, push } = open()
    push(line(0, 7, 'first'), line(0, 7 + span, 'last'))
    const ruler = rulerOf(view)
    expect(ruler?.bars.length).toBeLessThanOrEqual(120 * 3)
    expect(sum(ruler)).toEqual([2, 0, 0])
    expect(ruler?.from).toBeLessThanOrEqual(start + 7)
  }
})

test('while lines come the ruler is made four times a second, and the last of them are in it', () => {
  const { view, push } = open()
  let now = 0
  const paced = new PacedRuler(view, () => now)
  expect(paced.get()).toBeUndefined()
  push(line(0, 1, 'one'))
  paced.grow()
  now = 249
  expect(paced.get()).toBeUndefined()
  expect(paced.isBehind).toBe(true)
  now = 250
  expect(sum(paced.get())).toEqual([1, 0, 0])
  expect(paced.isBehind).toBe(false)
  view.show(matching('none'))
  paced.forget()
  expect(sum(paced.get())).toEqual([0, 0, 0])
})

test('after any mix of late sources, filters and losses the counts are those of a plain list', () => {
  for (let seed = 1; seed <= 8; seed += 1) compareWithPlainList(seed)
})

/** The same random numbers in every run. */
function dice(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

function compareWithPlainList(seed: number): void {
  const roll = dice(seed)
  const { store, view, push } = open({ lines: 9_000, chars: 1e9 })
  const filters = [
    everything,
    matching('7'),
    { ...matching('3'), context: 2, hidden: new Set([1]) },
    { ...everything, level: 4 },
  ]
  const words = ['', 'WARN ', 'ERROR ', 'INFO ']
  const clocks = [0, 0, 0]
  for (let round = 0; round < 60; round += 1) {
    const lines = Array.from({ length: roll(700) }, (_, at) => {
      const source = roll(3)
      // So many stand in one millisecond, the shortest bar, that whole blocks of them are remembered.
      clocks[source] = (clocks[source] ?? 0) + (roll(source === 2 ? 200 : 400) === 0 ? 1 : 0)
      return line(source, clocks[source], `${words[roll(4)] ?? ''}${at}`)
    })
    push(...lines)
    if (roll(7) === 0) view.show(filters[roll(filters.length)] ?? everything)
    // Not at every round: what is not asked for in between must not be forgotten.
    if (roll(2) === 0) expect(rulerOf(view)).toEqual(plain(store, view))
  }
}

function plain(store: LogStore, view: LogView): Ruler | undefined {
  const known = rulerOf(view)
  if (!known) return undefined
  const counted = new Uint32Array(known.bars.length)
  for (let row = view.start; row < view.end; row += 1) {
    const { place, context } = view.at(row)
    const id = store.idAt(place)
    if (context || store.isMark(id)) continue
    const bar = Math.floor((store.timeOf(id) - known.from) / known.width) * 3
    const level = levels[store.levelOf(id)] ?? 'none'
    counted[bar] = (counted[bar] ?? 0) + 1
    if (level === 'warning') counted[bar + 1] = (counted[bar + 1] ?? 0) + 1
    if (level === 'error' || level === 'fatal') counted[bar + 2] = (counted[bar + 2] ?? 0) + 1
  }
  return { ...known, bars: counted }
}
