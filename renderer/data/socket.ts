import type { DesktopStream } from '#bridge'
import { listenOnce, type StreamEars, type StreamLink } from './stream-messages.ts'

/** The gateway gives a sign every five seconds; a page learns of a lost network in no other way. */
const silence = 9_000

/** A stream of the web console: a WebSocket that carries the session’s cookie. */
export function openSocket(name: DesktopStream, input: unknown, ears: StreamEars): StreamLink {
  const ear = listenOnce(ears)
  const address = new URL(`/streams/${name}`, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address)
  socket.binaryType = 'arraybuffer'
  const early: (string | Uint8Array<ArrayBuffer>)[] = []

  const send = (data: string | Uint8Array<ArrayBuffer>) => {
    if (socket.readyState === WebSocket.CONNECTING) early.push(data)
    else if (socket.readyState === WebSocket.OPEN) socket.send(data)
  }
  const fallSilent = () => {
    ear.end(undefined)
    socket.close()
  }
  let alive = setTimeout(fallSilent, silence)
  const heard = () => {
    clearTimeout(alive)
    alive = setTimeout(fallSilent, silence)
  }
  socket.addEventListener('open', () => {
    heard()
    socket.send(JSON.stringify(input))
    for (const data of early.splice(0)) socket.send(data)
  })
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    heard()
    if (typeof data === 'string') ear.text(data)
    else ear.bytes(new Uint8Array(data))
  })
  socket.addEventListener('close', ({ reason }) => {
    clearTimeout(alive)
    ear.end(reason || undefined)
  })

  return {
    send: (message) => {
      send(JSON.stringify(message))
    },
    sendBytes: (bytes) => {
      send(new Uint8Array(bytes))
    },
    close: () => {
      clearTimeout(alive)
      ear.end(undefined)
      socket.close()
    },
  }
}
