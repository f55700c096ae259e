import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  respondAndDestroy,
  respondNever,
  respondRaw,
  respondWith,
  startRecorder,
  type RecordedRequest,
} from '../../support/recorder.ts'
import {
  agreed,
  execPath,
  expectRefused,
  expectServing,
  handshake,
  openHostileWorld,
  pods,
  rawHead,
  type HostileWorld,
  type Person,
} from './world.ts'

let world: HostileWorld
let person: Person

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person()
})
afterAll(() => world.stop())
beforeEach(() => {
  world.seen()
})

const b64 = (text: string) => Buffer.from(text).toString('base64url')
const withProtocols = (path: string, ...protocols: string[]) =>
  person.head(
    `GET ${path}`,
    ...handshake.slice(0, -1),
    ...protocols.map((it) => `Sec-WebSocket-Protocol: ${it}`),
  )

// 7.10
describe('a cluster token in the WebSocket protocol is refused', () => {
  const bearer = 'base64url.bearer.authorization.k8s.io.'
  test.each([
    ['before a protocol', [`${bearer}${b64('other')}, v5.channel.k8s.io`]],
    ['behind a protocol', [`v5.channel.k8s.io, ${bearer}${b64('other')}`]],
    ['twice', [`${bearer}${b64('a')}, ${bearer}${b64('b')}, v5.channel.k8s.io`]],
    ['on a second line', ['v5.channel.k8s.io', `${bearer}${b64('a')}`]],
    ['alone', [`${bearer}${b64('other')}`]],
    ['with bad base64', [`${bearer}!!!, v5.channel.k8s.io`]],
    ['in another case', [`BASE64URL.Bearer.authorization.k8s.io.${b64('a')}, v5.channel.k8s.io`]],
  ])('%s', async (_what, protocols) => {
    await expectRefused(world, await world.askAndClose(withProtocols(execPath, ...protocols)), 400)
    expect(world.seen()).toEqual([])
  })
})

/** A second request that is not asked but hidden behind the first. */
const smuggled = () => person.get('/k8s/c1/api/v1/secrets')

/** Closes of the connection that the cluster saw for one request. */
const closedUpstream = (request: RecordedRequest | undefined) => request?.connection.closed

// 7.11; CVE-2018-1002105, CVE-2020-8559, CVE-2018-1002102, CVE-2022-3172
describe('a request hidden behind an upgrade never reaches the cluster', () => {
  const status = '{"kind":"Status","code":403}'
  test.each([
    ['403', respondWith(403, status), 403],
    [
      '404 without a length',
      respondRaw('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\nno'),
      404,
    ],
    ['200', respondWith(200, '{}'), 502],
    ['302', respondWith(302, '', { Location: 'https://evil.example/' }), 502],
    ['307', respondWith(307, '', { Location: '/api/v1/secrets' }), 502],
    ['204', respondRaw('HTTP/1.1 204 No Content\r\n\r\n'), 502],
    ['nothing but an end', respondAndDestroy(''), 502],
    ['half of a 101', respondAndDestroy('HTTP/1.1 101 Switching Proto'), 502],
    ['no HTTP', respondAndDestroy('SSH-2.0-x\r\n\r\n'), 502],
  ])('when the cluster answers %s, and both connections end', async (_what, respond, expected) => {
    // `404 without a length` ends by closing.
    world.respond((request, socket) => {
      respond(request, socket)
      if (_what.startsWith('404')) socket.end()
    })
    const client = await world.connect()
    client.send(person.upgrade(execPath) + smuggled())
    const answer = await client.answer()
    const began = performance.now()
    expect(answer.status).toBe(expected)
    expect(answer.header('location')).toBeUndefined()
    await client.closed
    const [request, ...others] = world.seen()
    await closedUpstream(request)
    expect(performance.now() - began).toBeLessThan(1000)
    expect(others).toEqual([])
    expect(request?.connection.text()).toBe(request?.raw)
    expect(client.text().split('HTTP/1.1 ')).toHaveLength(2)
  })

  test('when the cluster does not answer at all, however long', async () => {
    world.respond(respondNever)
    const client = await world.connect()
    client.send(person.upgrade(execPath) + smuggled())
    await world.arrival()
    client.reset()
    const [request, ...others] = world.seen()
    await closedUpstream(request)
    expect(others).toEqual([])
    expect(request?.connection.text()).toBe(request?.raw)
  })

  test('and what came behind an agreed upgrade is bytes of the stream', async () => {
    world.respond(respondRaw(rawHead(...agreed)))
    const client = await world.connect()
    client.send(`${person.upgrade(execPath)}first bytes`)
    expect((await client.answer()).status).toBe(101)
    const connection = world.seen()[0]?.connection
    await connection?.until('first bytes')
    expect(connection?.text().endsWith('\r\n\r\nfirst bytes')).toBe(true)
    client.reset()
    await connection?.closed
  })
})

// CVE-2018-1002102, CVE-2022-3172: neither followed nor passed on
test('a redirect leads nobody anywhere, neither the gateway nor the client', async () => {
  const attacker = await startRecorder()
  try {
    for (const code of [301, 302, 303, 307, 308]) {
      const location = `http://${attacker.host}/`
      world.respond(respondWith(code, '', { Location: location, 'Set-Cookie': 'a=b' }))
      for (const bytes of [person.get(pods), person.upgrade(execPath)]) {
        const answer = await world.ask(bytes)
        expect([answer.status, answer.json()['reason']]).toEqual([502, 'BadGateway'])
        expect(answer.head).not.toContain(attacker.host)
      }
    }
    expect(attacker.accepted()).toBe(0)
  } finally {
    await attacker.stop()
  }
})

// 7.12
describe('a head that only some would read as an upgrade is refused', () => {
  test.each([
    ['letters of the word in Connection', ['Connection: xupgradex', 'Upgrade: websocket']],
    ['Connection without Upgrade', ['Connection: Upgrade']],
    ['Upgrade without Connection', ['Upgrade: websocket']],
    ['h2c', ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']],
    ['two protocols', ['Connection: Upgrade', 'Upgrade: websocket, SPDY/3.1']],
    ['two Upgrade lines', ['Connection: Upgrade', 'Upgrade: websocket', 'Upgrade: SPDY/3.1']],
    ['another protocol', ['Connection: Upgrade', 'Upgrade: TLS/1.0']],
    ['a body', ['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 5']],
    ['a chunked body', ['Connection: Upgrade', 'Upgrade: websocket', 'Transfer-Encoding: chunked']],
  ])('%s', async (_what, lines) => {
    await expectRefused(world, await world.ask(person.get(execPath, ...lines)), 400)
    expect(world.seen()).toEqual([])
  })

  test('what is no stream in Kubernetes is not upgraded', async () => {
    await expectRefused(world, await world.askAndClose(person.upgrade(pods)), 400)
    expect(world.seen()).toEqual([])
  })

  test.each([
    [
      'another protocol',
      ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'],
    ],
    ['no protocol', ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade']],
    ['h2c', ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: h2c']],
  ])('a 101 that agrees to %s opens nothing', async (_what, lines) => {
    world.respond(respondRaw(`${rawHead(...lines)}tunnel bytes`))
    const answer = await world.askAndClose(`${person.upgrade(execPath)}client bytes`)
    expect(answer.status).toBe(502)
    expect(answer.body).not.toContain('tunnel bytes')
    const [request] = world.seen()
    await closedUpstream(request)
    expect(request?.connection.text()).toBe(request?.raw)
  })
})

// 7.13, S3-T16; kubernetes#78741, kubernetes#134577, CVE-2022-3294, Teleport PR#33539
describe('reading is not running: with the right to read', () => {
  const doors: [string, string][] = [
    ['exec', '/api/v1/namespaces/a/pods/p/exec?command=id'],
    ['attach', '/api/v1/namespaces/a/pods/p/attach'],
    ['port-forward', '/api/v1/namespaces/a/pods/p/portforward'],
    ['nodes/proxy', '/api/v1/nodes/n/proxy/exec/ns/p/c?command=id'],
    ['services/proxy', '/api/v1/namespaces/a/services/s/proxy/'],
    ['pods/proxy', '/api/v1/namespaces/a/pods/p/proxy/'],
    ['the old proxy verb', '/api/v1/proxy/namespaces/a/services/s/x'],
  ]
  test.each(doors)('%s is refused by GET, POST and WebSocket', async (_what, path) => {
    const viewer = await reader()
    const post = viewer.head(`POST /k8s/c1${path}`, 'Content-Length: 0')
    for (const bytes of [viewer.get(`/k8s/c1${path}`), post, viewer.upgrade(`/k8s/c1${path}`)])
      await expectRefused(world, await world.ask(bytes), 403)
    const spdy = ['Connection: Upgrade', 'Upgrade: SPDY/3.1', 'Content-Length: 0']
    const asked = viewer.head(`POST /k8s/c1${path}`, ...spdy)
    await expectRefused(world, await world.askAndClose(asked), 403)
    expect(world.seen()).toEqual([])
  })

  test('tokens of accounts, Secrets and debug containers are refused', async () => {
    const viewer = await reader()
    const body = '{}'
    const lines = ['Content-Type: application/json', `Content-Length: ${body.length}`]
    for (const line of [
      'POST /k8s/c1/api/v1/namespaces/a/serviceaccounts/x/token',
      'PATCH /k8s/c1/api/v1/namespaces/a/pods/p/ephemeralcontainers',
      'PUT /k8s/c1/apis/certificates.k8s.io/v1/certificatesigningrequests/x/approval',
    ])
      await expectRefused(world, await world.ask(viewer.head(line, ...lines) + body), 403)
    for (const path of ['secrets', 'secrets/s'])
      await expectRefused(
        world,
        await world.ask(viewer.get(`/k8s/c1/api/v1/namespaces/a/${path}`)),
        403,
      )
    expect(world.seen()).toEqual([])
  })

  let made: Promise<Person> | undefined
  const reader = () => (made ??= world.person({ preset: 'viewer' }))
})

// S3-T16
test('an upgrade to what one may do opens, and carries bytes both ways', async () => {
  world.respond(respondRaw(`${rawHead(...agreed)}hello`))
  const operator = await world.person({ preset: 'operator', namespaces: ['a'] })
  world.seen()
  const client = await world.connect()
  client.send(operator.upgrade(execPath))
  const answer = await client.answer()
  expect([answer.status, answer.header('upgrade')]).toEqual([101, 'websocket'])
  await client.until('hello')
  const request = await world.arrival()
  expect(request.header('connection')).toBe('Upgrade')
  client.send('from the client')
  await request.connection.until('from the client')
  request.connection.socket.end()
  await client.closed
})

// CVE-2019-11247
test('a namespace in the path opens no kind outside of it', async () => {
  const someone = await world.person({ namespaces: ['a'], preset: 'viewer' })
  world.seen()
  for (const path of [
    '/apis/g.example/v1/clusterthings/y',
    '/apis/g.example/v1/namespaces/b/clusterthings/y',
    '/api/v1/nodes',
    '/api/v1/namespaces/b',
  ])
    await expectRefused(world, await world.ask(someone.get(`/k8s/c1${path}`)), 403)
  expect(world.seen()).toEqual([])
})

test('after all of them an ordinary call is served', async () => {
  await expectServing(world, person)
})
