import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRealWorld, type RealWorld } from './real-cluster.ts'
import { isLive, type TestView, type TestWindow } from './window.ts'

const withRows = 128
const inAll = 512
let real: RealWorld
let window: TestWindow

beforeAll(async () => {
  real = await openRealWorld({ linger: 0 })
  const anna = await real.world.person()
  await anna.grant(real.everything)
  window = anna.window()
})
afterAll(() => real?.end())

const open = (limit: number): TestView =>
  window.open({
    sources: [real.place],
    resource: 'configmaps',
    namespaces: [real.home],
    limit,
  })
const many = (count: number, limit: number) => Array.from({ length: count }, () => open(limit))
const isRefused = (view: TestView) =>
  view.until('refused', (it) => it.failed !== undefined).then((it) => it.failed)
const allLive = (views: readonly TestView[]) =>
  Promise.all(views.map((it) => it.until('live', isLive)))

test('a window has so many views with rows, and numbers take no room from them', async () => {
  const counts = many(100, 0)
  const lists = many(withRows, 10)
  await allLive([...counts, ...lists])
  expect(await isRefused(open(10))).toMatchObject({
    code: 'rate_limited',
    message: `A window has at most ${withRows} views with rows`,
  })
  const [first, ...others] = lists
  first?.close()
  await open(10).until('live in the place of the first', isLive)
  for (const it of others) expect(it.failed).toBeUndefined()
})

test('a view of numbers that asks for rows needs the room of one that has them', async () => {
  const count = open(0)
  await count.until('live', isLive)
  count.move(0, 10)
  expect(await isRefused(count)).toMatchObject({ code: 'rate_limited' })
})

test('views of numbers come to an end as well, and share one list of the cluster', async () => {
  const counts = many(inAll - real.world.live.stats().views, 0)
  await allLive(counts)
  expect(await isRefused(open(0))).toMatchObject({
    code: 'rate_limited',
    message: `A window has at most ${inAll} views`,
  })
  expect(real.world.live.stats()).toMatchObject({ views: inAll, feeds: 1 })
})
