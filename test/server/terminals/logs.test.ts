import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StreamClient } from '../../support/stream-client.ts'
import type { TestPerson } from '../../support/world.ts'
import { openStreamPlace, type StreamPlace } from './place.ts'

let place: StreamPlace
let viewer: TestPerson

const counts = 'i=0; while [ $i -lt 5 ]; do i=$((i+1)); echo "line $i"; done; exec sleep 3600'
const crashes = [
  '[ -f /kept/ran ] && { echo again; exec sleep 3600; }',
  'touch /kept/ran; echo first words; until [ -f /kept/go ]; do sleep 0.1; done',
  'echo last words; exit 7',
].join('; ')

beforeAll(async () => {
  place = await openStreamPlace('logs')
  const ticks = 'i=0; while true; do i=$((i+1)); echo "tick $i"; sleep 0.05; done'
  await Promise.all([
    place.pod('counts', { script: counts }, { app: 'many' }),
    place.pod('ticks', { script: ticks }),
    place.pod('crash', { script: crashes }),
    place.pod(
      'done',
      { script: 'echo one; echo two >&2; printf three', container: {} },
      { app: 'many' },
    ),
  ])
  const { cluster } = place.world
  await Promise.all(
    ['counts', 'ticks', 'crash'].map((it) => cluster.waitForPod(place.namespace, it)),
  )
  viewer = await place.person('viewer')
})
afterAll(() => place?.stop())

type Line = [source: number, time: string, text: string]

const open = (input: object, person = viewer): Promise<StreamClient> =>
  place.open('logs', person, input)

const linesOf = (stream: StreamClient): Line[] =>
  stream.messages.flatMap((it) => (it.type === 'lines' ? (it['lines'] as Line[]) : []))
const textsOf = (stream: StreamClient): string[] => linesOf(stream).map(([, , text]) => text)
const shows = (stream: StreamClient, text: string) =>
  stream.until(text, () => textsOf(stream).includes(text))

test('a log is read to its end in order, each line with the time of its writing', async () => {
  const log = await open({ pods: ['counts'], follow: false })
  await log.said('end')
  expect(textsOf(log)).toEqual([1, 2, 3, 4, 5].map((it) => `line ${it}`))
  for (const [source, time] of linesOf(log)) {
    expect(source).toBe(0)
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  }
  expect(log.messages.map((it) => it.type)).toEqual(['opened', 'source', 'lines', 'source', 'end'])
  expect((await log.closed).code).toBe(1000)
})

test('only the last lines, only those since, only those with a word', async () => {
  const tail = await open({ pods: ['counts'], follow: false, tail: 2 })
  await tail.said('end')
  expect(textsOf(tail)).toEqual(['line 4', 'line 5'])
  const word = await open({ pods: ['counts'], follow: false, filter: 'LINE 3' })
  await word.said('end')
  expect(textsOf(word)).toEqual(['line 3'])
  const pattern = await open({
    pods: ['counts'],
    follow: false,
    filter: '^line [24]$',
    pattern: true,
  })
  await pattern.said('end')
  expect(textsOf(pattern)).toEqual(['line 2', 'line 4'])
  const broken = await open({ pods: ['counts'], filter: '(', pattern: true })
  expect(await broken.said('failed')).toMatchObject({
    error: { fields: { filter: expect.anything() } },
  })
})

test('a log that is followed goes on', async () => {
  const log = await open({ pods: ['ticks'], tail: 1 })
  await log.until('twenty more', () => textsOf(log).length > 20)
  const numbers = textsOf(log).map((it) => Number(it.split(' ')[1]))
  expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at))
  log.close()
  await log.closed
})

test('a container that crashes is followed into its next life, and its last words can be read later', async () => {
  const log = await open({ pods: ['crash'] })
  await shows(log, 'first words')
  await place.run('crash', 'touch /kept/go')
  await shows(log, 'again')
  expect(textsOf(log)).toEqual(['first words', 'last words', 'again'])
  expect(log.messages.filter((it) => it.type === 'gap')).toEqual([])
  log.close()
  const previous = await open({ pods: ['crash'], previous: true })
  await previous.said('end')
  expect(textsOf(previous)).toEqual(['first words', 'last words'])
  const none = await open({ pods: ['counts'], previous: true })
  await none.said('end')
  expect(none.messages.find((it) => it['status'] === 'failed')).toMatchObject({ pod: 'counts' })
})

test('a selector finds its pods, those included that start later', async () => {
  const log = await open({ selector: 'app=many' })
  await shows(log, 'line 5')
  await shows(log, 'two')
  await place.pod('later', { script: 'echo here I am; exec sleep 3600' }, { app: 'many' })
  await shows(log, 'here I am')
  const pods = log.messages.flatMap((it) => (it['status'] === 'open' ? [it['pod']] : []))
  expect(new Set(pods)).toEqual(new Set(['counts', 'done', 'later']))
  log.close()
  await log.closed
})

test('several named pods are told apart, and a last line without an end is a line', async () => {
  const log = await open({ pods: ['counts', 'done'], follow: false })
  await log.said('end')
  const source = log.messages.find((it) => it['pod'] === 'done')?.['source']
  const own = linesOf(log).filter(([from]) => from === source)
  expect(own.map(([, , text]) => text)).toEqual(expect.arrayContaining(['one', 'two', 'three']))
})

test('who may not read logs there is refused, with a record', async () => {
  const stranger = await place.world.person(['viewer'], { namespaces: ['default'] })
  const input = { cluster: place.world.id, profile: 'viewer', namespace: place.namespace }
  const refused = await place.open('logs', stranger, { ...input, pods: ['counts'] })
  expect(await refused.said('failed')).toMatchObject({ error: { code: 'forbidden' } })
  const [event] = (await place.events(stranger)).filter((it) => it.action === 'logs')
  expect(event).toMatchObject({
    result: 'refused',
    status: 403,
    subresource: 'log',
    name: 'counts',
  })
})

test('a right that ends takes the log with it within a second, and says so', async () => {
  const person = await place.person('viewer')
  const admin = await place.world.gateway.admin()
  const log = await open({ pods: ['ticks'] }, person)
  await log.said('lines')
  const began = performance.now()
  await admin.grants.remove({ id: person.grantIds[0] ?? '' })
  expect((await log.closed).at - began).toBeLessThan(1000)
  expect(await log.said('closed')).toMatchObject({ reason: 'Your right to this has ended.' })
})

test('the last lines are handed out once, within bounds, to who may read them', async () => {
  const { gateway, id: cluster } = place.world
  const { namespace } = place
  const asked = { cluster, profile: 'viewer', namespace, pod: 'counts' }
  const api = gateway.as(viewer.token)
  expect(await api.logs.read({ ...asked, tail: 2 })).toEqual({
    text: 'line 4\nline 5\n',
    container: 'main',
  })
  const { text } = await api.logs.read({ ...asked, tail: 1, timestamps: 'true' })
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT\S+ line 5\n$/)
  expect((await api.logs.read({ ...asked, pod: 'crash', previous: 'true' })).text).toContain(
    'last words',
  )
  for (const tail of [0, 5001, 1.5])
    await expect(api.logs.read({ ...asked, tail })).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(api.logs.read({ ...asked, pod: 'nobody' })).rejects.toMatchObject({
    code: 'not_found',
  })
  const outside = { ...asked, namespace: 'default' }
  await expect(api.logs.read(outside)).rejects.toMatchObject({ code: 'forbidden' })
})
