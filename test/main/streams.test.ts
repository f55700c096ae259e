import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { desktopStreams } from '#bridge'
import { gatewayStreams } from '../../main/bridge/gateway-streams.ts'
import { Guard } from '../../main/bridge/guard.ts'
import { serveStreams } from '../../main/bridge/streams.ts'
import { PinStore } from '../../main/gateway/pin-store.ts'
import { GatewayRoom } from '../../main/gateway/room.ts'
import { Vault } from '../../main/gateway/vault.ts'
import { createKeyring } from '../support/keyring.ts'
import { makeChannel, makeIpc, makePage, type PagePort } from '../support/pages.ts'
import { openWorld, type TestPerson, type World } from '../support/world.ts'

let world: World
let person: TestPerson
let folder: string
beforeAll(async () => {
  world = await openWorld()
  person = await world.person(['viewer'])
})
afterAll(() => world.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-streams-'))
  return () => rm(folder, { recursive: true, force: true })
})

/** A page whose streams lead to the real gateway, and the room behind it. */
async function openPage(address = world.gateway.address) {
  const vault = new Vault(join(folder, 'sessions'), createKeyring())
  const pins = new PinStore(join(folder, 'gateways.json'))
  const room = new GatewayRoom({ pins, vault, deviceName: 'a desk' })
  const { certificate } = await room.probe(address)
  room.trust(address, certificate.fingerprint)
  await room.signIn(person.name, person.password)
  const page = makePage()
  const ipc = makeIpc()
  const ports: PagePort[] = []
  const streams = serveStreams({
    ipc,
    guard: new Guard((id) => id === page.id),
    contracts: desktopStreams,
    openers: { ...gatewayStreams(() => room.device), localTerminal: () => undefined },
    connect: () => {
      const { mine, page: end } = makeChannel()
      ports.push(end)
      return mine
    },
    failed: () => undefined,
  })
  const open = async (name: string, input: unknown) => {
    const reply = await ipc.invoke(page.event(), `stream:${name}`, 'nonce-0123456789', input)
    const port = ports.at(-1)
    if (!reply.ok || !port) throw new Error(JSON.stringify(reply))
    return port
  }
  return { room, page, streams, open }
}

const typed = (type: string) => (message: Record<string, unknown>) => message['type'] === type
const places = () => [{ cluster: world.id, profile: 'viewer' }]
const pods = () => ({ sources: places(), group: '', version: 'v1', resource: 'namespaces' })

test('a view of a real cluster comes to the page over its port, and ends with the page', async () => {
  const { open, streams, page } = await openPage()
  const port = await open('views', {})
  // Sent before the gateway was reached: it waits.
  port.say({ type: 'open', view: 1, query: pods() })
  await port.until(typed('opened'))
  const update = await port.until(
    (it) => it['type'] === 'update' && (it['rows'] as unknown[]).length > 0,
  )
  expect(JSON.stringify(update['rows'])).toContain('kube-system')
  expect(world.gateway.gateway).toBeDefined()
  streams.closeAll(page.id)
  await port.closed
  expect(port.texts.at(-1)).toEqual({ type: 'closed', reason: 'The page has gone' })
})

test('the end of the session at the gateway ends the stream and the session here', async () => {
  const { open, room } = await openPage()
  const port = await open('views', {})
  await port.until(typed('opened'))
  port.say({ type: 'open', view: 1, query: pods() })
  await port.until(typed('update'))
  const mine = (await room.client.sessions.list({})).find((it) => it.current)
  const admin = await world.gateway.admin()
  await admin.sessions.revoke({ id: mine?.id ?? '' })
  await port.closed
  await expect.poll(() => room.state.status).toBe('signed out')
  expect(['closed', 'failed']).toContain((port.texts.at(-1) as { type: string }).type)
})

test('signing out ends every stream at once', async () => {
  const { open, room } = await openPage()
  const [first, second] = [await open('views', {}), await open('views', {})]
  await Promise.all([first.until(typed('opened')), second.until(typed('opened'))])
  await room.signOut()
  await Promise.all([first.closed, second.closed])
  const late = await open('views', {})
  expect(await late.until(typed('failed'))).toMatchObject({ error: { code: 'unauthenticated' } })
})

test('a refusal of the gateway comes through with its code', async () => {
  const { open } = await openPage()
  const place = { cluster: world.id, profile: 'admin' }
  const port = await open('logs', { ...place, namespace: 'default', pods: ['none'] })
  const failed = await port.until(typed('failed'))
  expect(failed['error']).toMatchObject({
    code: expect.stringMatching(/forbidden|not_found/) as string,
  })
  await port.closed
})

test('no byte of a token is among all that a page was told', async () => {
  const { open, room } = await openPage()
  const port = await open('views', {})
  port.say({ type: 'open', view: 1, query: pods() })
  await port.until(typed('update'))
  const token = await room.device?.token()
  expect(token).toBeDefined()
  expect(JSON.stringify(port.texts)).not.toContain(token?.slice(-40))
  port.port.close()
})
