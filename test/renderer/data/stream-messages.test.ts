import { expect, test } from 'vitest'
import { listenOnce, type StreamEars } from '../../../renderer/data/stream-messages.ts'

function listen() {
  const heard: unknown[] = []
  const ears: StreamEars = {
    opened: () => heard.push('opened'),
    message: (message) => heard.push(message),
    bytes: (bytes) => heard.push([...bytes]),
    closed: (reason, error) => heard.push(['closed', reason, error?.code]),
  }
  return { heard, ...listenOnce(ears) }
}

test('the stream’s own words are told from those of what runs in it', () => {
  const { heard, text, bytes } = listen()
  text('{"type":"opened"}')
  text('{"type":"update","view":1}')
  // One view of many has failed; the stream goes on.
  text('{"type":"failed","view":1,"error":{"code":"forbidden","message":"no"}}')
  bytes(new Uint8Array([1, 2]))
  expect(heard).toEqual([
    'opened',
    { type: 'update', view: 1 },
    { type: 'failed', view: 1, error: { code: 'forbidden', message: 'no' } },
    [1, 2],
  ])
})

test('a stream ends once, whoever ends it, and nothing is heard after that', () => {
  const { heard, text, bytes, end } = listen()
  text('{"type":"failed","error":{"code":"forbidden","message":"not yours"}}')
  end('the socket closed')
  text('{"type":"opened"}')
  bytes(new Uint8Array([1]))
  expect(heard).toEqual([['closed', 'not yours', 'forbidden']])
})
