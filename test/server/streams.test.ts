import { request } from 'node:https'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import {
  connectStream,
  openStream,
  StreamClient,
  type StreamAsk,
} from '../support/stream-client.ts'

let gateway: TestGateway
let local = ''
let token = ''
let sessionId = ''

const password = 'a long enough password'

beforeAll(async () => {
  gateway = await startGateway({ environment: { GATEHOUSE_CONSOLE_PORT: '0' } })
  local = `http://127.0.0.1:${gateway.gateway.consolePort}`
  const admin = await gateway.admin()
  await admin.persons.create({ name: 'ada', password })
})
beforeEach(async () => {
  const signedIn = await gateway.signIn('ada', password)
  token = signedIn.accessToken
  sessionId = signedIn.session.id
})
afterAll(() => gateway.stop())

const ask = (headers: Record<string, string>, more: Partial<StreamAsk> = {}): StreamAsk => ({
  address: gateway.address,
  caPem: gateway.caPem,
  name: 'views',
  headers,
  ...more,
})
const bearer = () => ({ authorization: `Bearer ${token}` })

/** Signs in as a browser does and gives back the cookie. */
function signInConsole(address = gateway.address): Promise<string> {
  const body = JSON.stringify({ name: 'ada', password })
  const headers = { 'content-type': 'application/json', origin: address }
  if (address.startsWith('http:'))
    return fetch(`${address}/api/console/sign-in`, { method: 'POST', headers, body }).then(
      (it) => it.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    )
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', ca: gateway.caPem, agent: false as const, headers }
    const asking = request(`${address}/api/console/sign-in`, options, (response) => {
      response.resume()
      resolve(response.headers['set-cookie']?.[0]?.split(';')[0] ?? '')
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

async function refusal(asked: StreamAsk) {
  const answer = await connectStream(asked)
  if (answer instanceof StreamClient) throw new Error('it was opened')
  const admin = await gateway.admin()
  const { events } = await admin.events.list({ action: 'streams', limit: 1 })
  expect(events[0]).toMatchObject({ result: 'refused', status: answer.status })
  expect(events[0]?.path).toBe(`/streams/${asked.name.split('?')[0]}`)
  return answer
}

test('a stranger, a strange token and a token in the address are refused before the upgrade, with a record', async () => {
  expect(await refusal(ask({}))).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  expect(await refusal(ask({ authorization: 'Bearer x.y.z' }))).toMatchObject({ status: 401 })
  expect(await refusal(ask({}, { name: `views?token=${token}` }))).toMatchObject({ status: 401 })
})

test('a page of elsewhere, a name of elsewhere and a cookie without a page are refused', async () => {
  const cookie = await signInConsole()
  const elsewhere = 'https://elsewhere.example'
  expect(await refusal(ask({ cookie, origin: elsewhere }))).toMatchObject({ status: 403 })
  expect(await refusal(ask({ ...bearer(), origin: elsewhere }))).toMatchObject({ status: 403 })
  expect(await refusal(ask({ ...bearer(), host: 'elsewhere.example' }))).toMatchObject({
    status: 403,
  })
  expect(await refusal(ask({ cookie }))).toMatchObject({ status: 403 })
  expect(await refusal(ask({ cookie, 'sec-fetch-site': 'same-origin' }))).toMatchObject({
    status: 403,
  })
})

test('a cookie beside a bearer is refused, as is the cookie of the other listener', async () => {
  const cookie = await signInConsole()
  const origin = gateway.address
  expect(await refusal(ask({ ...bearer(), cookie, origin }))).toMatchObject({ status: 400 })
  const theirs = (await signInConsole(local)).replace('gatehouse-local', '__Host-gatehouse')
  expect(await refusal(ask({ cookie: theirs, origin }))).toMatchObject({ status: 401 })
})

test('a stream that is not in the contract is not found, and only GET opens one', async () => {
  for (const name of ['nothing', 'constructor', '', 'views/', 'VIEWS', 'views%20'])
    expect(await refusal(ask(bearer(), { name }))).toMatchObject({ status: 404 })
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' }
  expect(await status('POST', { ...bearer(), ...upgrade })).toBe(400)
  expect(await status('GET', { ...bearer(), ...upgrade })).toBe(400)
  expect(await status('GET', { ...bearer(), ...upgrade, upgrade: 'h2c' })).toBe(400)
  expect(await status('GET', bearer())).toBe(404)
})

/** What is answered to a head that is no WebSocket’s. */
function status(method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, ca: gateway.caPem, agent: false as const }
    const asking = request(`${gateway.address}/streams/views`, options, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asking.on('error', reject)
    asking.end()
  })
}

test('both listeners open streams for their own cookie and page', async () => {
  const cookie = await signInConsole()
  const views = await openStream(ask({ cookie, origin: gateway.address }), {})
  await views.said('opened')
  views.close()
  const address = local
  const own = { cookie: await signInConsole(local), origin: local }
  const near = await openStream({ address, name: 'views', headers: own }, {})
  await near.said('opened')
  near.close()
  expect(await connectStream({ address, name: 'views' })).toMatchObject({ status: 401 })
})

test.each([
  ['no JSON', '{', 'invalid_input'],
  ['another shape', '{"type":"open","view":"x"}', 'invalid_input'],
  ['a field too many', '{"type":"close","view":1,"more":1}', 'invalid_input'],
  ['a text that is too long', `"${'x'.repeat(70_000)}"`, 'too_large'],
  ['bytes where none are expected', Buffer.from('bytes'), 'invalid_input'],
])('%s ends the stream, with a record', async (_what, message, code) => {
  const views = await openStream(ask(bearer()), {})
  await views.said('opened')
  views.socket.send(message)
  expect(await views.said('failed')).toMatchObject({ error: { code } })
  await views.closed
  const admin = await gateway.admin()
  const { events } = await admin.events.list({ action: 'streams', limit: 1 })
  expect(events[0]).toMatchObject({ result: 'refused', session: sessionId })
})

test('a first message that is no input, and one that is too large for any, end the stream', async () => {
  const wrong = await openStream(ask(bearer(), { name: 'terminal' }), { cluster: 'x' })
  expect(await wrong.said('failed')).toMatchObject({ error: { code: 'invalid_input' } })
  const early = await openStream(ask(bearer()), {})
  early.socket.send(Buffer.alloc(1024 * 1024 + 1))
  expect((await early.closed).code).toBe(1009)
})

test('a flood of messages ends the stream that it comes on', async () => {
  const views = await openStream(ask(bearer()), {})
  await views.said('opened')
  for (let count = 0; count < 4000; count += 1) views.send({ type: 'close', view: 1 })
  expect(await views.said('failed')).toMatchObject({ error: { code: 'rate_limited' } })
})

test('who says nothing, or is not there any more, is let go', { timeout: 40_000 }, async () => {
  const began = performance.now()
  const quiet = await connected()
  const gone = await openStream(ask(bearer()), {})
  await gone.said('opened')
  const last = await connected()
  // As a machine that sleeps: nothing is read and nothing answered.
  const { _socket: wire } = gone.socket as WebSocket & { _socket: Socket }
  wire.pause()
  expect(await quiet.said('failed')).toMatchObject({ error: { code: 'invalid_input' } })
  expect(performance.now() - began).toBeLessThan(12_000)
  await last.closed
  const woke = performance.now()
  wire.resume()
  expect((await gone.closed).at - woke).toBeLessThan(1000)
  expect(gone.messages).toEqual([{ type: 'opened' }])
})

async function connected(): Promise<StreamClient> {
  const client = await connectStream(ask(bearer()))
  if (client instanceof StreamClient) return client
  throw new Error(`refused with ${client.status}`)
}

test('a session that ends takes its streams with it within a second, also those that carry nothing', async () => {
  const empty = await connected()
  const views = await openStream(ask(bearer()), {})
  await views.said('opened')
  const began = performance.now()
  await gateway.as(token).sessions.revoke({ id: sessionId })
  const ends = await Promise.all([empty.closed, views.closed])
  for (const { at, code } of ends) {
    expect(at - began).toBeLessThan(1000)
    expect(code).toBe(1008)
  }
  expect(await views.said('closed')).toMatchObject({ reason: expect.stringContaining('session') })
})

// S5-F47
test('a gateway that stops says so on every stream', async () => {
  const other = await startGateway()
  await other.admin()
  const { accessToken } = await other.signIn('root', 'correct horse battery staple')
  const headers = { authorization: `Bearer ${accessToken}` }
  const asked = { address: other.address, caPem: other.caPem, name: 'views', headers }
  const views = await openStream(asked, {})
  await views.said('opened')
  const began = performance.now()
  await other.stop()
  expect(performance.now() - began).toBeLessThan(3000)
  expect(await views.said('closed')).toEqual({
    type: 'closed',
    reason: 'The gateway is restarting',
    returns: true,
  })
  expect((await views.closed).code).toBe(1012)
})
