import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'

/** One answer as it came over the wire. */
export interface Answer {
  readonly status: number
  readonly head: string
  /** The first value of a header; the name in lower case. */
  readonly header: (name: string) => string | undefined
  readonly body: string
  /** The body as JSON: a `Status` where the gateway refused. */
  json(): Record<string, unknown>
}

/** A TLS connection to the gateway that sends exactly the bytes it is told to. */
export interface RawClient {
  readonly socket: TLSSocket
  send(bytes: string | Buffer): void
  /** Every byte received so far, as latin1. */
  text(): string
  /** Resolves when what was received contains this; rejects when the connection ends first. */
  until(text: string): Promise<string>
  /** The next complete answer; interim ones (1xx but 101) are passed over. */
  answer(): Promise<Answer>
  /** Resolves when the gateway has ended the connection. */
  readonly closed: Promise<void>
  /** Leaves without a word. */
  reset(): void
}

interface Place {
  readonly port: number
  readonly caPem: string
  /** The loopback address to come by. */
  readonly address?: string
  /** What is offered in TLS; HTTP/1.1 alone unless told otherwise. */
  readonly offers?: string[]
}

export async function connectRaw({ port, caPem, ...place }: Place): Promise<RawClient> {
  const { address = '127.0.0.1', offers = ['http/1.1'] } = place
  const tcp = connectTcp(port, address)
  tcp.on('error', () => undefined)
  const socket = connect({
    socket: tcp,
    host: '127.0.0.1',
    ca: caPem,
    ALPNProtocols: offers,
  })
  socket.on('error', () => undefined)
  await once(socket, 'secureConnect')
  let received = ''
  let readTo = 0
  let ended = false
  const waiting = new Set<() => void>()
  const changed = () => {
    for (const look of waiting) look()
  }
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    changed()
  })
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      ended = true
      changed()
      resolve()
    })
  })
  const when = <T>(find: () => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const look = () => {
        const found = find()
        if (found === undefined && !ended) return
        waiting.delete(look)
        if (found === undefined) reject(new Error(`the connection ended after: ${received}`))
        else resolve(found)
      }
      waiting.add(look)
      look()
    })
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    text: () => received,
    until: (text) => when(() => (received.includes(text) ? received : undefined)),
    answer: () =>
      when(() => {
        for (;;) {
          const found = readAnswer(received.slice(readTo), ended)
          if (!found) return undefined
          readTo += found.length
          if (found.answer.status >= 200 || found.answer.status === 101) return found.answer
        }
      }),
    closed,
    reset: () => void tcp.resetAndDestroy(),
  }
}

function readAnswer(text: string, ended: boolean): { answer: Answer; length: number } | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = text.slice(0, end)
  const status = Number(head.split(' ')[1])
  const header = (name: string) => {
    const line = head.split('\r\n').find((it) => it.toLowerCase().startsWith(`${name}:`))
    return line?.slice(name.length + 1).trim()
  }
  const found = readBody(text.slice(end + 4), { status, header, ended })
  if (!found) return undefined
  const { body, length } = found
  const json = () => JSON.parse(body) as Record<string, unknown>
  return { answer: { status, head, header, body, json }, length: end + 4 + length }
}

interface Framing {
  readonly status: number
  readonly header: Answer['header']
  readonly ended: boolean
}

function readBody(text: string, { status, header, ended }: Framing) {
  if (status < 200 || status === 204 || status === 304) return { body: '', length: 0 }
  const announced = header('content-length')
  if (announced !== undefined) {
    const length = Number(announced)
    return text.length < length ? undefined : { body: text.slice(0, length), length }
  }
  if (header('transfer-encoding') === 'chunked') return readChunks(text)
  return ended ? { body: text, length: text.length } : undefined
}

function readChunks(text: string): { body: string; length: number } | undefined {
  let body = ''
  let at = 0
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(text.slice(at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (text.length < next) return undefined
    body += text.slice(lineEnd + 2, lineEnd + 2 + size)
    if (size === 0) return { body, length: next }
    at = next
  }
}
