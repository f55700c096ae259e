import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Dispatcher } from 'undici'
import type { Reach } from '../../../server/contract/clusters.ts'
import { callJson } from '../../../server/proxy/upstream/call.ts'
import { diagnose } from '../../../server/proxy/upstream/diagnose.ts'
import { createGuard, type Guard } from '../../../server/proxy/upstream/lookup.ts'
import { routeFrom } from '../../../server/proxy/upstream/route.ts'
import { Target } from '../../../server/proxy/upstream/target.ts'
import { makeAuthority, type Authority } from '../../support/cluster/certificates.ts'
import {
  respondAndDestroy,
  respondEndlessly,
  respondNever,
  respondRaw,
  respondWith,
  startRecorder,
  type Recorder,
  type RecorderOptions,
  type Respond,
} from '../../support/recorder.ts'

const secret = 'token-that-must-not-leak'
const version: Respond = (request, socket) => {
  const created = request.path.endsWith('/selfsubjectaccessreviews')
  respondWith(created ? 201 : 200, JSON.stringify({ gitVersion: 'v1.35.4' }))(request, socket)
}
// undici offers a connection again in the next turn of the event loop.
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const ends: (() => Promise<unknown>)[] = []
let authority: Authority

beforeAll(async () => {
  authority = await makeAuthority()
})

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function record(options: RecorderOptions & { names?: string[] } = {}): Promise<Recorder> {
  const tls = await authority.certificateFor(options.names ?? ['127.0.0.1'])
  const recorder = await startRecorder({ tls, respond: version, ...options })
  ends.push(() => recorder.stop())
  return recorder
}

const guardFor = (...hosts: string[]): Guard => createGuard({ allow: hosts, ownPorts: () => [] })

function reach(recorder: Recorder, more: Partial<Reach> = {}, guard?: Guard): Target {
  const route = routeFrom({ address: recorder.address, caPem: authority.caPem, ...more })
  const target = new Target('c1', route, guard ?? guardFor(recorder.host))
  ends.push(() => target.destroy())
  return target
}

const get = (target: Target, path = '/version') =>
  callJson(target, { method: 'GET', path, token: secret })

async function within(seconds: number, work: () => Promise<unknown>): Promise<unknown> {
  const began = performance.now()
  const result = await work()
  expect(performance.now() - began).toBeLessThan(seconds * 1000)
  return result
}

const ask = (recorder: { address: string; host: string }, more: Partial<Reach> = {}) =>
  diagnose(
    guardFor(recorder.host),
    { address: recorder.address, caPem: authority.caPem, ...more },
    secret,
  )

test('a call arrives byte for byte on a verified connection that is kept', async () => {
  const recorder = await record()
  const target = reach(recorder, { address: `${recorder.address}/prefix` })
  await expect(get(target)).resolves.toMatchObject({ status: 200 })
  await nextTurn()
  await get(target)
  expect(recorder.requests.map((it) => it.path)).toEqual(['/prefix/version', '/prefix/version'])
  expect(recorder.requests[0]?.header('authorization')).toBe(`Bearer ${secret}`)
  expect(recorder.accepted()).toBe(1)
})

test('HEAD and DELETE with a body leave their connection open', async () => {
  const recorder = await record({
    respond: (request, socket) =>
      request.method === 'HEAD'
        ? respondRaw('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n')(request, socket)
        : version(request, socket),
  })
  const target = reach(recorder)
  for (const method of ['HEAD', 'DELETE', 'HEAD', 'DELETE']) {
    await exchange(target, method, method === 'DELETE' ? Buffer.from('{}') : null)
    await nextTurn()
  }
  expect(recorder.requests).toHaveLength(4)
  expect(recorder.accepted()).toBe(1)
})

function exchange(target: Target, method: string, body: Buffer | null, extra: string[] = []) {
  return new Promise<number>((resolve, reject) => {
    let status = 0
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, code) => void (status = code),
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(status),
      onResponseError: (_controller, error) => reject(error),
    }
    const length = body ? ['Content-Length', String(body.length)] : []
    const headers = ['Host', target.host, ...length, ...extra]
    target.dispatch({ method, path: '/', headers, body, long: false }, handler)
  })
}

test('three hundred requests that cannot be sent leave the cluster open to the next one', async () => {
  const recorder = await record()
  const target = reach(recorder)
  const attempts = Array.from({ length: 300 }, () =>
    exchange(target, 'GET', null, ['Expect', '100-continue']),
  )
  const results = await Promise.allSettled(attempts)
  expect(results.every((it) => it.status === 'rejected')).toBe(true)
  await expect(get(target)).resolves.toMatchObject({ status: 200 })
  expect(recorder.requests).toHaveLength(1)
})

test('a kept connection that died is replaced without the caller noticing', async () => {
  const recorder = await record({
    respond: (request, socket) =>
      recorder.requests.length === 2 ? socket.destroy() : version(request, socket),
  })
  const target = reach(recorder)
  await get(target)
  await nextTurn()
  await expect(get(target)).resolves.toMatchObject({ status: 200 })
  expect(recorder.requests).toHaveLength(3)
})

test('a change is never sent twice', async () => {
  const recorder = await record({ respond: (_request, socket) => socket.destroy() })
  const target = reach(recorder)
  await expect(exchange(target, 'POST', Buffer.from('{}'))).rejects.toThrow()
  expect(recorder.requests).toHaveLength(1)
})

test('a redirect is handed on and not followed', async () => {
  const elsewhere = await record()
  const recorder = await record({
    respond: respondWith(302, '', { Location: `${elsewhere.address}/version` }),
  })
  await expect(get(reach(recorder))).resolves.toMatchObject({ status: 302 })
  await expect(ask(recorder)).resolves.toMatchObject({ status: 'not_kubernetes' })
  expect(elsewhere.accepted()).toBe(0)
})

test('a body cut short is an error and not a shorter answer', async () => {
  const recorder = await record({
    respond: respondAndDestroy('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"gitVersion"'),
  })
  await expect(get(reach(recorder))).rejects.toThrow()
})

test('an endless body is cut off', async () => {
  const recorder = await record({ respond: respondEndlessly() })
  await expect(get(reach(recorder))).rejects.toMatchObject({ stage: 'response' })
  await recorder.connections[0]?.closed
})

test.each([
  { what: 'another authority', names: ['127.0.0.1'], other: true },
  { what: 'another name', names: ['k8s.example'], other: false },
  { what: 'an end in the past', names: ['127.0.0.1'], other: false, expired: true },
])('a certificate with $what gets no token, and the reason says so', async (bad) => {
  const signer = bad.other ? await makeAuthority('Somebody else') : authority
  const tls = await signer.certificateFor(bad.names, {
    ...(bad.expired && { notAfter: new Date(Date.now() - 3_600_000) }),
  })
  const recorder = await record({ tls })
  await expect(get(reach(recorder))).rejects.toMatchObject({ stage: 'tls' })
  const diagnosis = await ask(recorder)
  expect(diagnosis.status).toBe('tls')
  expect(diagnosis.message).toContain(bad.other ? 'Somebody else' : (bad.names[0] ?? ''))
  expect(recorder.text()).toBe('')
})

test('the server name stands in for the address where the certificate says so', async () => {
  const recorder = await record({ names: ['k8s.example'] })
  await expect(ask(recorder, { serverName: 'k8s.example' })).resolves.toMatchObject({
    version: 'v1.35.4',
  })
})

test('an upgrade has a connection of its own, and ends with its target', async () => {
  const recorder = await record({
    respond: respondRaw(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst',
    ),
  })
  const target = reach(recorder)
  const headers = ['Host', target.host, 'Connection', 'Upgrade', 'Upgrade', 'websocket']
  const asking = target.upgrade({ method: 'GET', path: '/exec?command=a&command=b', headers })
  asking.end()
  const [response, socket, head] = (await once(asking, 'upgrade')) as [
    { statusCode: number },
    NodeJS.WritableStream & NodeJS.EventEmitter,
    Buffer,
  ]
  expect(response.statusCode).toBe(101)
  expect(head.toString()).toBe('first')
  expect(recorder.requests[0]?.raw).toBe(
    `GET /exec?command=a&command=b HTTP/1.1\r\nHost: ${target.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  )
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  await target.destroy()
  await closed
})

test('a name is resolved once and connected to where it was judged', async () => {
  const recorder = await record({ names: ['rebound.example'] })
  const answers = [['127.0.0.1'], ['203.0.113.7']]
  let asked = 0
  const guard = createGuard({
    allow: [],
    ownPorts: () => [],
    resolve: () => Promise.resolve(answers[asked++] ?? ['127.0.0.1']),
  })
  const address = `https://rebound.example:${recorder.port}`
  await expect(get(reach(recorder, { address }, guard))).rejects.toMatchObject({ stage: 'address' })
  expect(recorder.accepted()).toBe(0)

  // The other way round: public when judged, loopback for whoever would ask again.
  answers.splice(0, 2, ['127.0.0.1'], ['169.254.169.254'])
  asked = 0
  const listed = createGuard({
    allow: [`127.0.0.1:${recorder.port}`],
    ownPorts: () => [],
    resolve: () => Promise.resolve(answers[asked++] ?? ['169.254.169.254']),
  })
  await expect(get(reach(recorder, { address }, listed))).resolves.toMatchObject({ status: 200 })
  expect(asked).toBe(1)
})

test('nothing that listens is a refused connection, said with the port', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  const host = `127.0.0.1:${port}`
  const diagnosis = await ask({ address: `https://${host}`, host })
  expect(diagnosis.status).toBe('tcp')
  expect(diagnosis.message).toContain(host)
})

test.concurrent(
  'a port that accepts and says nothing is a timeout within ten seconds',
  async () => {
    const recorder = await startRecorder({ respond: respondNever })
    const address = recorder.address.replace('http:', 'https:')
    const diagnosis = await within(10, () => ask({ address, host: recorder.host }))
    expect(diagnosis).toMatchObject({ status: 'timeout' })
    expect(recorder.text()).not.toContain(secret)
    await recorder.stop()
  },
)

test.concurrent(
  'a cluster that answers slowly or never is a timeout within ten seconds',
  async () => {
    const tls = await authority.certificateFor(['127.0.0.1'])
    const recorder = await startRecorder({ tls, respond: respondNever })
    const diagnosis = await within(10, () => ask(recorder))
    expect(diagnosis).toMatchObject({ status: 'timeout' })
    await recorder.stop()
  },
)

test.concurrent(
  'a silent cluster fails a call within ten seconds, a merely slow one does not',
  async () => {
    const tls = await authority.certificateFor(['127.0.0.1'])
    const recorder = await startRecorder({ tls, respond: respondNever })
    const slow = await startRecorder({
      tls,
      respond: (request, socket) => {
        if (request.path === '/version') version(request, socket)
        else setTimeout(() => version(request, socket), 11_000)
      },
    })
    const guard = guardFor(recorder.host, slow.host)
    const dead = new Target('c1', routeOf(recorder), guard)
    const alive = new Target('c2', routeOf(slow), guard)
    const waiting = exchange(alive, 'GET', null)
    await within(10, async () => {
      await expect(exchange(dead, 'GET', null)).rejects.toMatchObject({ timedOut: true })
    })
    await expect(waiting).resolves.toBe(200)
    await Promise.all([dead.destroy(), alive.destroy(), recorder.stop(), slow.stop()])
  },
)

const routeOf = ({ address }: Recorder) => routeFrom({ address, caPem: authority.caPem })

test('a proxy leads to the cluster by CONNECT and sees no token', async () => {
  const recorder = await record()
  const proxy = await startRecorder({ connected: (connection) => tunnel(connection, recorder) })
  ends.push(() => proxy.stop())
  const guard = guardFor(recorder.host, proxy.host)
  const proxyUrl = `http://user:word@${proxy.host}`
  await expect(get(reach(recorder, { proxyUrl }, guard))).resolves.toMatchObject({ status: 200 })
  const head = proxy.text().slice(0, proxy.text().indexOf('\r\n\r\n'))
  expect(head).toContain(`CONNECT ${recorder.host} HTTP/1.1`)
  expect(head).toContain(`Proxy-Authorization: Basic ${btoa('user:word')}`)
  expect(proxy.text()).not.toContain(secret)
  // The proxy's own address is judged like any other.
  const unlisted = get(reach(recorder, { proxyUrl }, guardFor(recorder.host)))
  await expect(unlisted).rejects.toMatchObject({ stage: 'address' })
})

function tunnel(connection: Recorder['connections'][number], recorder: Recorder): true {
  void connection.until('\r\n\r\n').then(() => {
    const upstream = connect(recorder.port, '127.0.0.1')
    upstream.on('error', () => connection.socket.destroy())
    connection.socket.on('close', () => upstream.destroy())
    connection.socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    connection.socket.pipe(upstream).pipe(connection.socket)
  })
  return true
}

test('a proxy that refuses is named, and gets nothing more', async () => {
  const recorder = await record()
  const proxy = await startRecorder({
    respond: respondRaw('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n'),
  })
  ends.push(() => proxy.stop())
  const guard = guardFor(recorder.host, proxy.host)
  const diagnosis = await diagnose(guard, {
    address: recorder.address,
    caPem: authority.caPem,
    proxyUrl: `http://${proxy.host}`,
  })
  expect(diagnosis.status).toBe('proxy')
  expect(diagnosis.message).toContain(proxy.host)
  expect(recorder.accepted()).toBe(0)
})
