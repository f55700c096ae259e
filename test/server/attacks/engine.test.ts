import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { Cache } from '../../../server/live/engine/cache.ts'
import { Desk } from '../../../server/live/engine/desk.ts'
import { Intake } from '../../../server/live/engine/intake.ts'
import type { FromEngine } from '../../../server/live/messages.ts'

const things = { group: 'example.org', version: 'v1', resource: 'things' }

interface Said {
  readonly port: number
  readonly at: number
}

test('more windows give nobody more of the engine', async () => {
  const cache = new Cache(1, { group: '', version: 'v1', resource: 'configmaps' })
  for (let number = 0; number < 60_000; number += 1) {
    const name = `map-${number}`
    const row = { uid: name, namespace: 'a', name, version: '1', labels: undefined }
    const bare = { owner: undefined, tone: 'ok' as const, status: '', cells: [name] }
    cache.apply({ type: 'added', row: { ...row, ...bare } })
  }
  const said: Said[] = []
  let told: () => void = () => undefined
  const desk = new Desk(new Map([[1, cache]]), (it) => {
    if (it.type === 'say') said.push({ port: it.port, at: performance.now() })
    told()
  })
  const parts = [{ source: 0, feed: 1, allowed: { status: 'all', except: [] }, told: [] }] as const
  const open = (port: number, payer: string) => {
    const sources = [{ cluster: 'one', profile: 'viewer' }]
    const asked = { sources, sort: [], offset: 0, limit: 10, text: `/map.*${port}(a|b)?$/` }
    const query = { group: '', version: 'v1', resource: 'configmaps', ...asked }
    const makeup = { parts, refused: [] }
    desk.hear({ type: 'open', port, payer, view: 1, decision: 1, query, makeup })
  }
  for (let port = 1; port <= 6; port += 1) open(port, 'greedy')
  open(7, 'modest')
  while (said.length < 7) await new Promise<void>((resolve) => (told = resolve))
  // Whoever asked last, for the first time, did not wait for all the others.
  expect(said.findIndex((it) => it.port === 7)).toBeLessThan(3)
  for (let port = 1; port <= 7; port += 1) desk.hear({ type: 'close', port, view: 1 })
})

/** A watch of a kind that its cluster prints, in an engine with little room. */
function openWatch(weight = 1e6) {
  const said: FromEngine[] = []
  const cache = new Cache(1, things)
  const most = { rows: 10_000, weight }
  const intake = new Intake(new Map([[1, cache]]), (it) => void said.push(it), most)
  intake.take({ type: 'start', feed: 1, reading: 1, form: 'watch', fresh: true })
  return {
    cache,
    overflows: () => said.filter((it) => it.type === 'read' && it.overflow === true).length,
    add: (number: number, more: { cells?: string[]; labels?: object; type?: string }) => {
      const { cells = [], labels = {}, type = 'ADDED' } = more
      const columns = ['Name', ...cells.map((_, index) => `C${index}`)]
      const name = `thing-${number}`
      const metadata = { name, uid: name, resourceVersion: String(number), labels }
      const object = {
        kind: 'Table',
        columnDefinitions: columns.map((it) => ({ name: it, type: 'string' })),
        rows: [{ cells: [name, ...cells], object: { metadata } }],
      }
      const chunk = Buffer.from(`${JSON.stringify({ type, object })}\n`)
      intake.take({ type: 'bytes', feed: 1, reading: 1, chunk })
    },
  }
}

test('few rows that are heavy are as much as many that are light', () => {
  for (const heavy of [
    { cells: Array.from({ length: 50 }, () => 'x'.repeat(2000)) },
    {
      labels: Object.fromEntries(
        Array.from({ length: 1000 }, (_, it) => [`k${it}`, 'x'.repeat(90)]),
      ),
    },
  ]) {
    const { add, overflows, cache } = openWatch()
    for (let number = 0; number < 9; number += 1) add(number, heavy)
    expect(overflows()).toBe(0)
    for (let number = 9; number < 12; number += 1) add(number, heavy)
    expect(overflows()).toBeGreaterThan(0)
    for (let number = 0; number < 12; number += 1) add(number, { ...heavy, type: 'DELETED' })
    expect(cache.weight).toBe(0)
  }
})

test('a long cell that is cut lets go of the rest of it', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { add, cache } = openWatch(1e9)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let number = 0; number < 200; number += 1) add(number, { cells: ['x'.repeat(500_000)] })
  collect()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6)
  expect(cache.rows.size).toBe(200)
})
