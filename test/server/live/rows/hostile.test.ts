import { beforeAll, expect, inject, test } from 'vitest'
import { projectionOf, ReadFailure, readStatus } from '../../../../server/live/rows/index.ts'
import type { Item, ItemReader } from '../../../../server/live/rows/projection.ts'
import { clusterBytes } from '../../../support/cluster-bytes.ts'
import { connectCluster } from '../../../support/cluster/client.ts'

const cluster = connectCluster(inject('cluster'))
const nodes = { group: '', version: 'v1', resource: 'nodes' }
/** Nobody has columns of ours for these, so that the cluster prints them. */
const printed = { group: 'scheduling.k8s.io', version: 'v1', resource: 'flowschemas' }

const ways = ['list', 'watch', 'printed list', 'printed watch'] as const
type Way = (typeof ways)[number]

const readers: Readonly<Record<Way, () => ItemReader>> = {
  list: () => projectionOf(nodes).listReader(),
  watch: () => projectionOf(nodes).watchReader(),
  'printed list': () => projectionOf(printed).listReader(),
  'printed watch': () => projectionOf(printed).watchReader(),
}
const genuine = {} as Record<Way, Buffer>

beforeAll(async () => {
  const { accept, acceptWatch } = projectionOf(nodes)
  const watch =
    '/api/v1/nodes?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1'
  const read = async (path: string, accepted: string) => {
    const chunks: Buffer[] = []
    for await (const chunk of clusterBytes(cluster.handle, path, accepted)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  genuine.list = await read('/api/v1/nodes', accept)
  genuine.watch = await read(watch, acceptWatch)
  genuine['printed list'] = await read('/api/v1/nodes', projectionOf(printed).accept)
  genuine['printed watch'] = await read(watch, projectionOf(printed).acceptWatch)
  cluster.api.close()
})

/** Bytes in pieces of a size. */
function readIn(way: Way, bytes: Buffer, size: number): Item[] {
  const reader = readers[way]()
  const items: Item[] = []
  for (let at = 0; at < bytes.length; at += size)
    items.push(...reader.push(bytes.subarray(at, at + size)))
  return [...items, ...reader.end()]
}

/** The same numbers in each run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test.each(ways)('a %s says the same in whatever pieces it comes', (way) => {
  const whole = readIn(way, genuine[way], genuine[way].length)
  expect(whole.length).toBeGreaterThan(3)
  for (const size of [1, 7, 1000]) expect(readIn(way, genuine[way], size)).toEqual(whole)
})

test.each(ways)('a %s that was cut is never taken for a whole one', (way) => {
  const bytes = genuine[way]
  const wholeEnds = new Set(way === 'list' ? [bytes.length] : endsOf(way, bytes))
  const random = randomFrom(1)
  for (let round = 0; round < 300; round++) {
    const end = random(bytes.length)
    if (wholeEnds.has(end)) continue
    expect(() => readIn(way, bytes.subarray(0, end), 4096)).toThrow(ReadFailure)
  }
})

/** Where an event ends, so that a watch may end there too. */
function endsOf(way: Way, bytes: Buffer): number[] {
  if (way === 'printed list') return [bytes.length, bytes.length - 1]
  const ends = [0]
  if (way === 'printed watch') {
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) ends.push(at, at + 1)
    return ends
  }
  for (let at = 0; at + 4 <= bytes.length;) {
    at += 4 + bytes.readUInt32BE(at)
    ends.push(at)
  }
  return ends
}

test.each(ways)('whatever is done to a %s, it is read or refused, at once', (way) => {
  const random = randomFrom(7)
  let refused = 0
  const started = performance.now()
  for (let round = 0; round < 1500; round++) {
    const bytes = Buffer.from(genuine[way])
    for (let change = random(4); change >= 0; change--)
      bytes[random(bytes.length)] = round % 2 === 0 ? random(256) : 0xff
    try {
      readIn(way, bytes, 1 + random(20_000))
    } catch (error) {
      refused += 1
      expect(error).toBeInstanceOf(ReadFailure)
    }
  }
  expect(refused).toBeGreaterThan(50)
  // Milliseconds for all of them: one that hangs would take longer.
  expect(performance.now() - started).toBeLessThan(20_000)
})

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]
const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes])
const enveloped = (raw: Buffer): Buffer =>
  Buffer.concat([Buffer.from('k8s\0'), field(1, field(2, Buffer.from('NodeList'))), field(2, raw)])

test('a length that is only claimed takes no memory', () => {
  const before = process.memoryUsage().rss
  const claims = [
    Buffer.from([0x6b, 0x38, 0x73, 0, 0x0a, ...varint(2 ** 31)]),
    Buffer.concat([
      Buffer.from('k8s\0'),
      Buffer.from([0x12, ...varint(2 ** 34), 0x12, ...varint(2 ** 31)]),
    ]),
  ]
  for (const claim of claims) expect(() => readIn('list', claim, 100)).toThrow(ReadFailure)
  expect(() => readIn('watch', Buffer.from([0xff, 0xff, 0xff, 0xff, 1]), 10)).toThrow(ReadFailure)
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
})

test('an object of millions of empty parts is refused, not built', () => {
  const taint = Buffer.from([0x2a, 0])
  const node = field(2, Buffer.concat(Array.from({ length: 400_000 }, () => taint)))
  expect(() => readIn('list', enveloped(field(2, node)), 65_536)).toThrow('too many values')
})

test('a line without an end is refused before it fills the memory', () => {
  const reader = readers['printed watch']()
  const chunk = Buffer.alloc(1024 * 1024, 'x')
  const push = () => {
    for (let count = 0; count < 64; count++) reader.push(chunk)
  }
  expect(push).toThrow(ReadFailure)
})

test('a key that would be a prototype stays one word among others', () => {
  const entry = Buffer.concat([field(1, Buffer.from('__proto__')), field(2, Buffer.from('x'))])
  const meta = Buffer.concat([
    field(1, Buffer.from('n')),
    field(5, Buffer.from('u')),
    field(11, entry),
  ])
  const items = readIn('list', enveloped(field(2, field(1, meta))), 1000)
  expect(items[0]).toMatchObject({ row: { name: 'n', labels: {} } })
  expect(Object.getPrototypeOf(items[0] && 'row' in items[0] ? items[0].row.labels : 0)).toBe(
    Object.prototype,
  )
})

test('a refusal of the cluster is understood in both of its spellings', async () => {
  for (const accept of ['application/vnd.kubernetes.protobuf', 'application/json']) {
    const chunks: Buffer[] = []
    for await (const chunk of clusterBytes(cluster.handle, '/api/v1/nodes/none', accept))
      chunks.push(chunk)
    expect(readStatus(Buffer.concat(chunks))).toEqual({
      code: 404,
      reason: 'NotFound',
      message: 'nodes "none" not found',
    })
  }
  expect(readStatus(Buffer.from('<html>'))).toBeUndefined()
})
