import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { makeAuthority } from '../../support/cluster/certificates.ts'
import { respondWith, startRecorder, type Recorder, type Respond } from '../../support/recorder.ts'
import { openHostileWorld, type HostileWorld, type Person } from '../hostile/world.ts'

let world: HostileWorld
let person: Person
let second: Recorder
let caPem: string

const pod = {
  metadata: { name: 'p', uid: 'u', namespace: 'a' },
  spec: { containers: [{ name: 'c' }] },
  status: {
    phase: 'Running',
    containerStatuses: [{ name: 'c', containerID: 'x', state: { running: {} } }],
  },
}
const head = (type: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

/** A cluster that says its own name in everything, and goes on saying it. */
const cluster =
  (name: string): Respond =>
  (request, socket) => {
    const { path } = request
    const goOn = (line: string) => {
      const timer = setInterval(() => socket.write(chunk(line)), 50)
      socket.once('close', () => clearInterval(timer))
    }
    const row = {
      cells: [name],
      object: { metadata: { name, uid: name, namespace: 'a', resourceVersion: '5' } },
    }
    const table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '5' },
      columnDefinitions: [{ name: 'Name', type: 'string' }],
      rows: [row],
    }
    if (path === '/version') respondWith(200, '{"gitVersion":"v1.35.0"}')(request, socket)
    else if (path.includes('/log?')) {
      socket.write(head('text/plain'))
      goOn(`2026-01-01T00:00:00.000000000Z ${name}\n`)
    } else if (path.includes('sendInitialEvents')) respondWith(400, '{}')(request, socket)
    else if (path.includes('watch=')) {
      socket.write(head('application/json'))
      goOn(
        `${JSON.stringify({ type: 'MODIFIED', object: { ...table, rows: [{ ...row, object: { metadata: { ...row.object.metadata, resourceVersion: String(Date.now()) } } }] } })}\n`,
      )
    } else if (path.includes('widgets')) respondWith(200, JSON.stringify(table))(request, socket)
    else respondWith(200, JSON.stringify(pod))(request, socket)
  }

beforeAll(async () => {
  const authority = await makeAuthority()
  caPem = authority.caPem
  second = await startRecorder({
    tls: await authority.certificateFor(['127.0.0.1']),
    respond: cluster('new'),
  })
  world = await openHostileWorld({ allow: [second.host] })
  person = await world.person()
})
afterAll(async () => {
  await world?.stop()
  await second?.stop()
})

function open(name: string, input: object, ...asks: object[]) {
  const said: { at: number; text: string }[] = []
  const socket = new WebSocket(`${world.gateway.address.replace('https', 'wss')}/streams/${name}`, {
    ca: world.gateway.caPem,
    headers: { authorization: `Bearer ${person.token}` },
  })
  const it = { said, socket, closedAt: Infinity }
  socket.on('open', () => [input, ...asks].forEach((ask) => socket.send(JSON.stringify(ask))))
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    said.push({ at: performance.now(), text })
    const { type, view, revision } = JSON.parse(text) as {
      type: string
      view: number
      revision: number
    }
    if (type === 'update') socket.send(JSON.stringify({ type: 'ack', view, revision }))
  })
  socket.on('close', () => (it.closedAt = performance.now()))
  return it
}

test.each([
  [
    'the token of its profile is another',
    () => world.api.profiles.replaceToken({ id: world.profileId, token: 'another' }),
  ],
  [
    'its address is another',
    () => world.api.clusters.update({ id: 'c1', address: second.address, caPem }),
  ],
])(
  'nothing goes on as the old one for a second when %s',
  { timeout: 60_000 },
  async (_what, change) => {
    world.respond(cluster('old'))
    const place = { cluster: 'c1', profile: 'main' }
    const query = { sources: [place], group: 'x.io', version: 'v1', resource: 'widgets' }
    const view = open('views', {}, { type: 'open', view: 1, query })
    const log = open('logs', { ...place, namespace: 'a', pods: ['p'], tail: 5 })
    const raw = await world.connect()
    raw.send(person.get('/k8s/c1/apis/x.io/v1/widgets?watch=true'))
    const has = (it: typeof view, word: string) => it.said.some(({ text }) => text.includes(word))
    await vi.waitUntil(() => has(view, '"live"') && has(log, 'Z","old"'), { timeout: 20_000 })
    await raw.until('MODIFIED')
    const asked = world.recorder.requests.length
    await change()
    const changedAt = performance.now()
    await vi.waitUntil(() => log.closedAt < Infinity, { timeout: 5_000 })
    expect(log.closedAt - changedAt).toBeLessThan(1000)
    await raw.closed
    expect(performance.now() - changedAt).toBeLessThan(1000)
    // What is shown from then on is of the new identity, or not claimed to be live.
    await vi.waitUntil(
      () => view.said.some(({ at, text }) => at > changedAt && /"(?:live|stale)"/.test(text)),
      { timeout: 10_000 },
    )
    const asOld = world.recorder.requests
      .slice(asked)
      .filter((it) => it.header('authorization') === `Bearer ${world.credential}`)
    expect(asOld).toEqual([])
    expect(second.requests.filter((it) => it.header('authorization') !== undefined)).toEqual([])
    view.socket.close()
  },
)
