import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectRaw } from './raw-client.ts'
import {
  execPath,
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

const host = () => `Host: 127.0.0.1:${world.gateway.port}`

// 7.21; CVE-2022-1996, DNS rebinding
describe('a request under a foreign name or from a foreign page', () => {
  const port = () => world.gateway.port
  const foreign: [string, () => string[], number][] = [
    ['Host: evil', () => ['Host: evil.example'], 403],
    ['Host with another port', () => ['Host: 127.0.0.1:1'], 403],
    ['a name that ends in ours', () => [`Host: evil.127.0.0.1:${port()}`], 403],
    ['two Hosts', () => [host(), 'Host: evil.example'], 400],
    ['two equal Hosts', () => [host(), host()], 400],
    ['Origin: evil', () => [host(), 'Origin: https://evil.example'], 403],
    ['Origin: null', () => [host(), 'Origin: null'], 403],
    [
      'an origin that begins with ours',
      () => [host(), `Origin: https://127.0.0.1:${port()}.evil.example`],
      403,
    ],
    ['our origin without TLS', () => [host(), `Origin: http://127.0.0.1:${port()}`], 403],
    ['Sec-Fetch-Site: cross-site', () => [host(), 'Sec-Fetch-Site: cross-site'], 403],
  ]
  test.each(foreign)('is refused on the cluster path: %s', async (_what, lines, status) => {
    const bearer = `Authorization: Bearer ${person.token}`
    const plain = await world.ask(rawHead(`GET ${pods} HTTP/1.1`, ...lines(), bearer))
    const upgrade = await world.askAndClose(
      rawHead(`GET ${execPath} HTTP/1.1`, ...lines(), bearer, ...handshake),
    )
    expect([plain.status, upgrade.status]).toEqual([status, status])
    expect(plain.head.toLowerCase()).not.toContain('access-control')
    expect(world.seen()).toEqual([])
  })

  test('gets no permission by a preflight', async () => {
    const line = `OPTIONS ${pods} HTTP/1.1`
    const lines = ['Origin: https://evil.example', 'Access-Control-Request-Method: GET']
    const answer = await world.ask(rawHead(line, host(), ...lines))
    expect(answer.status).toBe(403)
    expect(answer.head.toLowerCase()).not.toContain('access-control')
  })
})

// kube-oidc-proxy #17
test('a caller over IPv6, or IPv4 within it, is served and recorded by his own address', async () => {
  const wide = await openHostileWorld({ environment: { GATEHOUSE_HOST: '::' } })
  try {
    const someone = await wide.person()
    wide.seen()
    for (const [address, source] of [
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '::1'],
    ] as const) {
      const client = await connectRaw({
        port: wide.gateway.port,
        caPem: wide.gateway.caPem,
        address,
      })
      client.send(someone.get(pods))
      const answer = await client.answer()
      client.socket.destroy()
      expect(answer.status).toBe(200)
      expect(wide.seen().map((it) => it.header('x-forwarded-for'))).toEqual([source])
      const [record] = await wide.records(answer.header('audit-id'))
      expect(record?.source).toBe(source)
    }
  } finally {
    await wide.stop()
  }
})

test('after all of them an ordinary call is served', async () => {
  await expectServing(world, person)
})
