import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { streams } from '../../../server/contract/streams.ts'
import { SocketPort } from '../../../server/http/stream-port.ts'
import type { TestPerson } from '../../support/world.ts'
import { openStreamPlace, type StreamPlace } from '../terminals/place.ts'

let place: StreamPlace
let operator: TestPerson

beforeAll(async () => {
  place = await openStreamPlace('attacks')
  await place.pod('work', { script: 'exec sleep 3600' })
  await place.world.cluster.waitForPod(place.namespace, 'work')
  operator = await place.person('operator')
})
afterAll(() => place?.stop())

const debug = { pod: 'work', mode: 'debug', image: 'nowhere.invalid/never:1' }

test('input in single bytes that nobody takes is counted with what it costs, and ends the terminal', async () => {
  const terminal = await place.open('terminal', operator, debug)
  await terminal.said('waiting')
  for (let count = 0; count < 12_000; count += 1) terminal.type('x')
  expect(await terminal.said('failed')).toMatchObject({ error: { code: 'too_large' } })
})

test('four mebibytes of input in honest pieces are kept for a program that is not there yet', async () => {
  const terminal = await place.open('terminal', operator, debug)
  await terminal.said('waiting')
  for (let count = 0; count < 256; count += 1) terminal.type(Buffer.alloc(16 * 1024, 'x'))
  terminal.send({ type: 'resize', columns: 0, rows: 1 })
  // Only what no client says ends it: the messages before were all taken in.
  expect(await terminal.said('failed')).toMatchObject({ error: { code: 'invalid_input' } })
})

test('who asks on and never reads is let go, before memory is full of what waits', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  client.on('error', () => undefined)
  const [[socket]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [
    [WebSocket],
    unknown,
  ]
  client.pause()
  const port = new SocketPort({
    socket,
    contract: streams.views,
    beats: false,
    input: () => undefined,
    offended: () => Promise.resolve(),
    broke: () => undefined,
  })
  let isClosed = false
  port.onClose(() => (isClosed = true))
  const gone = once(socket, 'close')
  const text = JSON.stringify('x'.repeat(1_000_000))
  for (let count = 0; count < 200 && !isClosed; count += 1) port.sendText(text)
  expect(isClosed).toBe(true)
  expect(port.waiting).toBeLessThan(64e6)
  await gone
  client.terminate()
  server.close()
})
