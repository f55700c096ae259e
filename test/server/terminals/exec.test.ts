import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { busyboxImage } from '../../support/cluster/node-images.ts'
import type { StreamClient } from '../../support/stream-client.ts'
import type { TestPerson } from '../../support/world.ts'
import { openStreamPlace, type StreamPlace } from './place.ts'

let place: StreamPlace
let operator: TestPerson

beforeAll(async () => {
  place = await openStreamPlace('terminals')
  const hears = 'while read -r line; do echo "heard $line"; done'
  await Promise.all([
    place.pod('work', { script: 'exec sleep 3600' }),
    place.pod('hears', { script: hears, container: { stdin: true } }),
  ])
  const { cluster } = place.world
  await Promise.all(['work', 'hears'].map((it) => cluster.waitForPod(place.namespace, it)))
  operator = await place.person('operator')
})
afterAll(() => place?.stop())

const open = (input: object = {}, person = operator): Promise<StreamClient> =>
  place.open('terminal', person, { pod: 'work', mode: 'exec', ...input })

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex')

test('a program’s two outputs and its exit code arrive', async () => {
  const script = 'echo out; echo err >&2; exit 3'
  const ran = await open({ command: ['sh', '-c', script], tty: false })
  expect(await ran.said('exit')).toMatchObject({ code: 3 })
  expect(ran.output(1).toString()).toBe('out\n')
  expect(ran.output(2).toString()).toBe('err\n')
  expect((await ran.closed).code).toBe(1000)
  expect(ran.messages.map((it) => it.type)).toEqual(['opened', 'entered', 'exit'])
})

test('a shell that nobody named has a size that follows the window, and keys that end programs', async () => {
  const shell = await open({ columns: 91, rows: 33 })
  expect(await shell.said('entered')).toMatchObject({ container: 'main' })
  const becomes = 'becomes() { until [ "$(stty size)" = "$*" ]; do sleep 0.1; done; echo is $*; }\r'
  shell.type(`${becomes}becomes 33 91\r`)
  await shell.shows(/^is 33 91\r$/m)
  shell.send({ type: 'resize', columns: 132, rows: 43 })
  shell.type('becomes 43 132; cat\r')
  await shell.shows(/^is 43 132\r$/m)
  shell.type('typed\r')
  const shown = await shell.shows(/^typed\r\ntyped\r$/m)
  shell.type('\x03')
  await shell.shows(/# /, shown.length)
  shell.type('exit 5\r')
  expect(await shell.said('exit')).toMatchObject({ code: 5 })
})

test('bytes of every value go in and come back as they were, up to the end of the input', async () => {
  const sent = Buffer.concat([
    Buffer.from(Array.from({ length: 256 }, (_, at) => at)),
    randomBytes(700_000),
  ])
  const cat = await open({ command: ['cat'], tty: false })
  cat.type(sent)
  await cat.until('all of it', () => cat.received >= sent.length)
  cat.send({ type: 'eof' })
  expect(await cat.said('exit')).toMatchObject({ code: 0 })
  expect(sha256(cat.output(1))).toBe(sha256(sent))
  const passed = cat.messages.filter((it) => it.type === 'ack')
  expect(passed.length).toBeGreaterThan(0)
})

test('what comes too fast for a client waits, and all of it arrives', async () => {
  const size = 10 * 1024 * 1024
  const script = `head -c ${size} /dev/urandom > /tmp/big; sha256sum < /tmp/big >&2; cat /tmp/big`
  const ran = await open({ command: ['sh', '-c', script], tty: false })
  let unsaid = 0
  let most = 0
  ran.onBytes = (piece) => {
    unsaid += piece.length - 1
    most = Math.max(most, unsaid)
  }
  // Nothing more comes when enough is under way; what did is worked off in one go.
  const whole = () => ran.messages.some((it) => it.type === 'exit')
  await ran.until('the first of it', () => unsaid > 150_000)
  const slowly = setInterval(() => {
    if (unsaid > 0) ran.send({ type: 'ack', count: unsaid })
    unsaid = 0
  }, 10)
  await ran.until('the end', whole)
  clearInterval(slowly)
  expect(most).toBeLessThanOrEqual(256 * 1024)
  expect(ran.output(1).length).toBe(size)
  expect(ran.output(2).toString()).toContain(sha256(ran.output(1)))
})

test('what runs already is attached to, and spoken with', async () => {
  const attached = await open({ pod: 'hears', mode: 'attach' })
  await attached.said('entered')
  attached.type('hello\n')
  await attached.shows(/^heard hello$/m)
  attached.close()
  await attached.closed
})

test('a debug container is made, awaited and entered', async () => {
  const debug = await open({
    mode: 'debug',
    image: busyboxImage,
    command: ['sh'],
    container: 'main',
  })
  const { container } = (await debug.said('entered')) as unknown as { container: string }
  debug.type('echo debugged $((6 * 7))\r')
  await debug.shows(/debugged 42\r$/m)
  debug.type('exit 4\r')
  expect(await debug.said('exit')).toMatchObject({ code: 4 })
  const types = debug.messages.map((it) => it.type)
  expect(types.slice(0, 2)).toEqual(['opened', 'waiting'])
  const patched = (await place.events(operator)).find(
    (it) => it['subresource'] === 'ephemeralcontainers' && it['phase'] === 'outcome',
  )
  expect(patched).toMatchObject({
    action: 'terminal',
    verb: 'patch',
    result: 'allowed',
    detail: { image: busyboxImage, container },
  })
})

test('a program that is not there, a pod that is not there and a container that is not there are named', async () => {
  const missing = await open({ command: ['/no/such/program'], tty: false })
  expect(String((await missing.said('exit'))['reason'])).toContain('/no/such/program')
  const pod = await open({ pod: 'nobody' })
  expect(await pod.said('failed')).toMatchObject({ error: { code: 'not_found' } })
  const container = await open({ container: 'nothing', command: ['true'] })
  const { error } = (await container.said('failed')) as unknown as { error: { message: string } }
  expect(error.message).toContain('nothing')
})

test('without the capability nothing travels and the refusal is recorded', async () => {
  const developer = await place.person('developer')
  for (const mode of ['exec', 'attach', 'debug']) {
    const refused = await open({ mode, image: busyboxImage }, developer)
    expect(await refused.said('failed')).toMatchObject({ error: { code: 'forbidden' } })
    await refused.closed
  }
  const events = (await place.events(developer)).filter((it) => it.action === 'terminal')
  expect(events.map((it) => [it['result'], it['status'], it['subresource']])).toEqual([
    ['refused', 403, 'attach'],
    ['refused', 403, 'attach'],
    ['refused', 403, 'exec'],
  ])
})

test('a terminal is recorded before and after, without a byte of what was typed or run', async () => {
  const ran = await open({
    command: ['sh', '-c', 'read -r word; echo the word is $word'],
    tty: false,
  })
  ran.type('swordfish\n')
  await ran.said('exit')
  const events = await place.events(operator)
  const [last] = events.filter((it) => it.action === 'terminal')
  const both = events.filter((it) => it['id'] === last?.['id'])
  expect(both.map((it) => it['phase'])).toEqual(['outcome', 'intent'])
  expect(last).toMatchObject({
    result: 'allowed',
    status: 101,
    verb: 'get',
    resource: 'pods',
    subresource: 'exec',
    namespace: place.namespace,
    name: 'work',
    bytesIn: 10,
    detail: { mode: 'exec', container: 'main', exit: '0', command: '3 words, 40 characters' },
  })
  expect(JSON.stringify(events)).not.toContain('swordfish')
  expect(JSON.stringify(events)).not.toContain('read -r')
})

test('a right that ends takes the terminal with it within a second, and says so', async () => {
  const person = await place.person('operator')
  const admin = await place.world.gateway.admin()
  const shell = await open({}, person)
  await shell.said('entered')
  const [id = ''] = person.grantIds
  const began = performance.now()
  await admin.grants.remove({ id })
  const { at } = await shell.closed
  expect(at - began).toBeLessThan(1000)
  expect(await shell.said('closed')).toMatchObject({ reason: 'Your right to this has ended.' })
  const [last] = (await place.events(person)).filter((it) => it.action === 'terminal')
  expect(last).toMatchObject({ phase: 'outcome', reason: 'grant ended' })
})
