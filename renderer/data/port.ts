import type { Bridge, DesktopStream, Reply } from '#bridge'
import { ErrorBody } from '#gateway/errors.ts'
import { listenOnce, type StreamEars, type StreamLink } from './stream-messages.ts'

/** A stream of the desktop app: main’s end of a MessagePort arrives as a window message. */
export function openPort(
  wire: Bridge,
  { name, input }: { name: DesktopStream; input: unknown },
  ears: StreamEars,
): StreamLink {
  const ear = listenOnce(ears)
  const nonce = crypto.randomUUID()
  const early: (string | Uint8Array)[] = []
  let port: MessagePort | undefined
  let closed = false

  const arrived = (event: MessageEvent) => {
    const { gatehousePort } = Object(event.data) as { gatehousePort?: unknown }
    if (event.source !== window || gatehousePort !== nonce) return
    window.removeEventListener('message', arrived)
    const [mine] = event.ports
    if (!mine) return
    if (closed) return mine.close()
    port = mine
    mine.addEventListener(
      'message',
      ({ data }: MessageEvent<string | Uint8Array | ArrayBuffer>) => {
        if (typeof data === 'string') ear.text(data)
        else ear.bytes(data instanceof Uint8Array ? data : new Uint8Array(data))
      },
    )
    // Chromium tells a port that its other end is gone only since 122; main says `closed` before.
    mine.addEventListener('close', () => {
      ear.end(undefined)
    })
    mine.start()
    for (const data of early.splice(0)) mine.postMessage(data)
  }
  window.addEventListener('message', arrived)

  const give = (reply: Reply) => {
    if (reply.ok) return
    window.removeEventListener('message', arrived)
    const error = ErrorBody.parse(reply.error)
    ear.end(error.message, error)
  }
  wire.open(name, nonce, input).then(give, () => {
    give({ ok: false, error: { code: 'internal', message: 'The app could not open the stream' } })
  })

  const send = (data: string | Uint8Array) => {
    if (port) port.postMessage(data)
    else if (!closed) early.push(data)
  }
  return {
    send: (message) => {
      send(JSON.stringify(message))
    },
    sendBytes: send,
    close: () => {
      closed = true
      ear.end(undefined)
      port?.close()
    },
  }
}
