import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openDetour, type Detour } from '../../support/detour.ts'
import type { StreamClient } from '../../support/stream-client.ts'
import type { TestPerson } from '../../support/world.ts'
import { openStreamPlace, type StreamPlace } from './place.ts'

let place: StreamPlace
let viewer: TestPerson
let detour: Detour

const count = 100_000
/** Waits for a word, then prints as fast as it can. */
const many = `until [ -f /kept/go ]; do sleep 0.05; done; seq 1 ${count} | sed 's/^/a line that says as much as most do, and then its own number: /'; echo over; exec sleep 3600`
const ticks =
  'echo tick 0; until [ -f /kept/go ]; do sleep 0.05; done; i=0; while [ $i -lt 1500 ]; do i=$((i+1)); echo "tick $i"; usleep 2000; done; echo over; exec sleep 3600'

beforeAll(async () => {
  detour = await openDetour(inject('cluster'))
  place = await openStreamPlace('log-rate', { allow: [detour.host] })
  const { cluster, gateway } = place.world
  await Promise.all([place.pod('many', { script: many }), place.pod('ticks', { script: ticks })])
  await Promise.all(['many', 'ticks'].map((it) => cluster.waitForPod(place.namespace, it)))
  viewer = await place.person('viewer')
  const admin = await gateway.admin()
  const { address, caPem } = detour
  await admin.clusters.register({ id: 'detour', name: 'By the detour', address, caPem })
  const token = cluster.handle.adminToken
  const profile = await admin.profiles.createStatic({ clusterId: 'detour', name: 'viewer', token })
  await admin.grants.create({ personId: viewer.id, profileId: profile.id, preset: 'viewer' })
})
afterAll(async () => {
  await place?.stop()
  await detour?.stop()
})

/** Takes lines in and says so, and remembers their numbers only. */
async function read(
  input: object,
): Promise<{ log: StreamClient; numbers: number[]; isOver: Promise<unknown> }> {
  const log = await place.open('logs', viewer, input)
  const numbers: number[] = []
  let over = false
  log.onMessage = (message) => {
    if (message.type !== 'lines') return
    const lines = message['lines'] as [number, string, string][]
    for (const [, , text] of lines) {
      if (text === 'over') over = true
      else numbers.push(Number(text.slice(text.lastIndexOf(' ') + 1)))
    }
    log.messages.pop()
    log.send({ type: 'ack', count: lines.length })
  }
  return { log, numbers, isOver: log.until('the last line', () => over) }
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1)

test('a flood of lines arrives whole and in order', { timeout: 60_000 }, async () => {
  const { log, numbers, isOver } = await read({ pods: ['many'] })
  await log.said('source')
  await place.run('many', 'touch /kept/go')
  const began = performance.now()
  await isOver
  const seconds = (performance.now() - began) / 1000
  process.stderr.write(`followed: ${Math.round(count / seconds)} lines a second\n`)
  expect(numbers).toEqual(upTo(count))
  log.close()
})

test(
  'connections that are cut in the middle lose no line and repeat none',
  { timeout: 60_000 },
  async () => {
    const { log, numbers, isOver } = await read({ cluster: 'detour', pods: ['ticks'] })
    await log.until('the first line', () => numbers.length > 0)
    await place.run('ticks', 'touch /kept/go')
    for (const at of [200, 500, 800]) {
      await log.until(`line ${at}`, () => numbers.length >= at)
      await detour.show('the cluster')
    }
    await isOver
    expect(numbers).toEqual([0, ...upTo(1500)])
    const gaps = await log.until('three gaps', () => {
      const told = log.messages.filter((it) => it.type === 'gap')
      return told.length === 3 && told
    })
    for (const gap of gaps) {
      expect(gap).toMatchObject({ source: 0, whole: true })
      expect(gap['recovered']).toBeGreaterThan(0)
      expect(String(gap['from']) < String(gap['to'])).toBe(true)
    }
    log.close()
  },
)
