import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { unauthenticated } from '#gateway/errors.ts'
import {
  createLoopback,
  type Loopback,
  type LoopbackAccess,
} from '../../../main/loopback/loopback.ts'
import { makeAuthority } from '../../support/cluster/certificates.ts'
import {
  respondAndDestroy,
  respondEndlessly,
  respondRaw,
  respondWith,
  startRecorder,
  type Recorder,
} from '../../support/recorder.ts'
import { lineTo, type TestLine } from './gateway-line.ts'

// In the gateway's place stands a server that keeps every byte: what it did not hear was not said.
let recorder: Recorder
let line: TestLine
let loopback: Loopback
let access: LoopbackAccess
let folder: string
let port: number
let caPem: string
let token: string
const refused: string[] = []

const session = 'the-access-token-of-the-session'

beforeAll(async () => {
  const authority = await makeAuthority()
  recorder = await startRecorder({ tls: await authority.certificateFor(['127.0.0.1']) })
  line = lineTo({ address: recorder.address, caPem: authority.caPem, token: session })
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-loopback-'))
  loopback = createLoopback(line, { folder, onRefused: (reason) => refused.push(reason) })
  access = await open()
  ;({ port, caPem, token } = await read(access))
})
afterAll(async () => {
  await loopback?.close()
  line?.end()
  await recorder?.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  refused.length = 0
  recorder.setRespond(respondWith(200, '{}'))
})

const open = () => loopback.open({ cluster: 'one', profile: 'viewer' })

async function read({ kubeconfig }: LoopbackAccess) {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as {
    clusters: { cluster: { server: string; 'certificate-authority-data': string } }[]
    users: { user: { token: string } }[]
  }
  const cluster = config.clusters[0]?.cluster
  return {
    port: Number(new URL(cluster?.server ?? '').port),
    caPem: Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64').toString(),
    token: config.users[0]?.user.token ?? '',
  }
}

async function dial(): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: caPem })
  socket.on('error', () => undefined)
  await once(socket, 'secureConnect')
  return socket
}

/** Sends these lines and reads until the other side ends. */
async function say(lines: readonly string[], body = ''): Promise<string> {
  const socket = await dial()
  socket.write([...lines, 'Connection: close', '', body].join('\r\n'))
  return text(socket).catch(() => '')
}

const get = (...more: readonly string[]) =>
  say([
    'GET /api/v1/pods HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${token}`,
    ...more,
  ])

const statusOf = (answer: string) => Number(answer.split(' ')[1] ?? 0)
const bodyOf = (answer: string) =>
  JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>

test('shows a certificate for this machine that no other authority made', async () => {
  const socket = await dial()
  const shown = socket.getPeerCertificate()
  expect(shown.subjectaltname).toBe('IP Address:127.0.0.1, DNS:localhost')
  expect(socket.authorized).toBe(true)
  socket.destroy()
  const stranger = connect({ host: '127.0.0.1', port })
  const [error] = (await once(stranger, 'error')) as [NodeJS.ErrnoException]
  expect(error.code).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

test('listens on 127.0.0.1 only', async () => {
  const socket = connectTcp({ host: '127.0.0.2', port })
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNREFUSED')
})

test('a plain request goes to its own place, with the token of the session and what is allowed', async () => {
  const before = recorder.requests.length
  const answer = await get(
    'Accept: application/json',
    'User-Agent: kubectl/v1',
    'Cookie: a=b',
    'X-Remote-User: root',
    'X-Remote-Group: system:masters',
    'X-Forwarded-For: 10.0.0.1',
    'Forwarded: for=10.0.0.1',
    'Proxy-Authorization: Basic eA==',
    'X-Anything: else',
  )
  expect(statusOf(answer)).toBe(200)
  const [request] = recorder.requests.slice(before)
  expect([request?.method, request?.path]).toEqual(['GET', '/k8s/one@viewer/api/v1/pods'])
  expect(request?.header('host')).toBe(recorder.host)
  const names = request?.headers.map(([name]) => name.toLowerCase()).sort()
  expect(names).toEqual(['accept', 'authorization', 'connection', 'host', 'user-agent'])
  expect(request?.header('authorization')).toBe(`Bearer ${session}`)
  expect(recorder.text()).not.toContain(token)
})

describe('nothing travels for', () => {
  const head =
    (first: string, ...more: string[]) =>
    () => [first, `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`, ...more]
  const path = '/api/v1/pods'
  const first = `GET ${path} HTTP/1.1`
  test.each([
    ['no token', 401, () => [first, `Host: 127.0.0.1:${port}`]],
    [
      'a wrong token',
      401,
      () => [first, `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${'A'.repeat(43)}`],
    ],
    [
      'the token of the session',
      401,
      () => [first, `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${session}`],
    ],
    [
      'the token in another scheme',
      401,
      () => [first, `Host: 127.0.0.1:${port}`, `Authorization: Basic ${token}`],
    ],
    ['two tokens', 400, head(first, 'Authorization: Bearer other')],
    [
      'a name that was made to lead here',
      403,
      () => [first, `Host: evil.example:${port}`, `Authorization: Bearer ${token}`],
    ],
    [
      'another port in the name',
      403,
      () => [first, 'Host: 127.0.0.1:1', `Authorization: Bearer ${token}`],
    ],
    ['no name', 400, () => [first, `Authorization: Bearer ${token}`]],
    ['two names', 403, head(first, 'Host: evil.example')],
    ['a page of a browser', 403, head(first, 'Origin: https://evil.example')],
    ['a page without an origin', 403, head(first, 'Sec-Fetch-Site: same-origin')],
    ['whoever would be somebody else', 403, head(first, 'Impersonate-User: root')],
    ['an absolute address', 400, head(`GET https://127.0.0.1${path} HTTP/1.1`)],
    ['a path of another host', 400, head(`GET //evil.example${path} HTTP/1.1`)],
    ['a path that climbs', 400, head('GET /../../two@admin/api HTTP/1.1')],
    ['a path that climbs in disguise', 400, head('GET /api/%2e%2E/%2e./two@admin/api HTTP/1.1')],
    ['a backslash', 400, head('GET /api\\..\\..\\two HTTP/1.1')],
    ['no path at all', 405, head('OPTIONS * HTTP/1.1')],
    ['CONNECT', 405, head('CONNECT 127.0.0.1:22 HTTP/1.1')],
    ['TRACE', 405, head(`TRACE ${path} HTTP/1.1`)],
    [
      'a body of two lengths',
      400,
      head(`POST ${path} HTTP/1.1`, 'Content-Length: 5', 'Transfer-Encoding: chunked'),
    ],
    ['another protocol', 400, head(first, 'Connection: Upgrade', 'Upgrade: h2c')],
  ] as const)('%s: %i', async (_what, status, lines) => {
    const before = recorder.text().length
    const answer = await say(lines())
    expect(statusOf(answer)).toBe(status)
    expect(recorder.text().length).toBe(before)
  })

  test('an upgrade by a page of a browser, and none of it is silent', async () => {
    const before = recorder.text().length
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
    const answer = await say(head(first, ...upgrade, 'Origin: https://evil.example')())
    expect(statusOf(answer)).toBe(403)
    expect(bodyOf(answer)).toMatchObject({ kind: 'Status', reason: 'Forbidden', code: 403 })
    expect(refused).toEqual(['A browser has nothing to ask for here'])
    expect(recorder.text().length).toBe(before)
  })
})

test('an endless request line ends the connection, and nothing of it travels', async () => {
  const before = recorder.text().length
  const lines = [`Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`]
  // The answer may be lost, for the connection is reset while the line is still being sent.
  const answer = await say([`GET /${'a'.repeat(70_000)} HTTP/1.1`, ...lines])
  expect([0, 431]).toContain(statusOf(answer))
  expect(recorder.text().length).toBe(before)
})

test('localhost is a name of this machine too', async () => {
  const lines = [`Host: localhost:${port}`, `Authorization: Bearer ${token}`]
  expect(statusOf(await say(['GET /version HTTP/1.1', ...lines]))).toBe(200)
})

test('who is signed out is told so, by nothing that travels', async () => {
  const before = recorder.text().length
  line.setToken(unauthenticated())
  try {
    const answer = await get()
    expect(statusOf(answer)).toBe(401)
    expect(bodyOf(answer)['message']).toContain('signed out of the gateway')
    expect(recorder.text().length).toBe(before)
  } finally {
    line.setToken(session)
  }
})

test('an answer that is cut off at the gateway is cut off here, never made to look whole', async () => {
  recorder.setRespond(
    respondAndDestroy('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
  )
  const answer = await get()
  expect(answer).toContain('hello')
  expect(answer).not.toContain('\r\n0\r\n')
})

test('nothing of the session comes back, and no cookie', async () => {
  recorder.setRespond(respondWith(200, '{}', { 'Set-Cookie': 'a=b', Warning: '299 - "old"' }))
  const answer = await get()
  expect(answer).toContain('Warning: 299')
  expect(answer.toLowerCase()).not.toContain('set-cookie')
})

test('a reader that stops reading stops the gateway, and its memory stays small', async () => {
  recorder.setRespond(respondEndlessly())
  const socket = await dial()
  const lines = ['GET /big HTTP/1.1', `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  await once(socket, 'readable')
  const sending = recorder.requests.at(-1)?.connection.socket
  await stalls(() => sending?.bytesWritten ?? 0)
  expect(sending?.bytesWritten).toBeLessThan(32 * 1024 * 1024)
  socket.destroy()
  await recorder.requests.at(-1)?.connection.closed
})

test('a tunnel carries bytes both ways, and each side may end before the other', async () => {
  recorder.setRespond(
    respondRaw(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\nfirst',
    ),
  )
  const socket = await dial()
  socket.allowHalfOpen = true
  const heard = text(socket)
  socket.write(
    [
      'POST /api/v1/namespaces/a/pods/b/exec HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${token}`,
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      '',
      '',
    ].join('\r\n'),
  )
  await recorder.when(() => recorder.requests.at(-1)?.header('upgrade') === 'SPDY/3.1')
  const upstream = recorder.requests.at(-1)?.connection
  socket.write('from the client')
  await upstream?.until('from the client')
  upstream?.socket.end('last words')
  expect(await heard).toMatch(/first.*last words$/s)
  socket.end('and mine')
  await upstream?.until('and mine')
  await upstream?.closed
})

test('what a tunnel or a request still does ends when its terminal closes', async () => {
  const other = await open()
  const { token: own } = await read(other)
  recorder.setRespond(respondRaw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'))
  const socket = await dial()
  const lines = ['GET /watch HTTP/1.1', `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${own}`]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  await once(socket, 'readable')
  const upstream = recorder.requests.at(-1)?.connection
  const gone = new Promise((resolve) => socket.resume().once('close', resolve))
  await other.close()
  await Promise.all([gone, upstream?.closed])
  expect(statusOf(await say(['GET /again HTTP/1.1', ...lines.slice(1)]))).toBe(401)
})

/** Resolves when a count has stood still for a while. */
async function stalls(count: () => number): Promise<void> {
  for (let last = -1; last !== count();) {
    last = count()
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
