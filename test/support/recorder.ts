import { once } from 'node:events'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { CertificatePair } from './cluster/certificates.ts'

/** One connection as the recorder saw it, from its first byte inside TLS on. */
interface RecordedConnection {
  readonly socket: Socket
  /** Every byte received so far, as latin1. */
  text(): string
  /** Resolves with everything received as soon as it contains this. */
  until(text: string | RegExp): Promise<string>
  /** Resolves when the other side, or the recorder, has closed it. */
  readonly closed: Promise<void>
}

/** A complete request head with its place in the connection. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  /** Raw name, value pairs in the order of the wire. */
  readonly headers: readonly (readonly [string, string])[]
  /** The body, where Content-Length announced one. */
  readonly body: string
  /** Everything of this request as it came over the wire. */
  readonly raw: string
  readonly connection: RecordedConnection
  header(name: string): string | undefined
}

/** Answers by writing raw bytes to the socket, now, later, in pieces, or never. */
export type Respond = (request: RecordedRequest, socket: Socket) => void

export interface RecorderOptions {
  /** Absent means plain TCP. */
  readonly tls?: CertificatePair | undefined
  /** Called for each request head that is complete with its announced body. */
  readonly respond?: Respond
  /** Called when a connection is open, before any byte; takes over when it returns true. */
  readonly connected?: (connection: RecordedConnection) => boolean | undefined
}

export interface Recorder {
  readonly port: number
  readonly host: string
  readonly address: string
  readonly connections: readonly RecordedConnection[]
  readonly requests: readonly RecordedRequest[]
  /** Everything every connection has sent, joined. */
  text(): string
  /** How many TCP connections were accepted, those that failed in TLS included. */
  accepted(): number
  setRespond(respond: Respond): void
  /** Resolves when the condition holds; looked at after each byte and each connection. */
  when(condition: () => boolean): Promise<void>
  stop(): Promise<void>
}

/** A raw upstream that keeps every byte it receives and answers exactly the bytes it is told to. */
export async function startRecorder(options: RecorderOptions = {}): Promise<Recorder> {
  const connections: RecordedConnection[] = []
  const requests: RecordedRequest[] = []
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  let respond: Respond = options.respond ?? respondWith(200, '{}')
  let accepted = 0
  const changed = () => {
    for (const look of waiting) look()
  }
  const when = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!condition()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })

  const hold = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  }

  const record = (socket: Socket) => {
    hold(socket)
    let received = ''
    let parsedTo = 0
    const connection: RecordedConnection = {
      socket,
      text: () => received,
      async until(text) {
        const has = () => (typeof text === 'string' ? received.includes(text) : text.test(received))
        await when(has)
        return received
      },
      closed: new Promise((resolve) => socket.once('close', () => resolve())),
    }
    connections.push(connection)
    const taken = options.connected?.(connection) === true
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
      for (;;) {
        const request = taken ? undefined : readRequest(received.slice(parsedTo), connection)
        if (!request) break
        parsedTo += request.raw.length
        requests.push(request)
        respond(request, socket)
      }
      changed()
    })
    socket.once('close', changed)
    changed()
  }

  const { tls } = options
  const server = tls
    ? createTlsServer({ cert: tls.certificatePem, key: tls.keyPem }, record)
    : createTcpServer(record)
  server.on('connection', (socket: Socket) => {
    accepted += 1
    if (tls) hold(socket)
    changed()
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    host: `127.0.0.1:${port}`,
    address: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    connections,
    requests,
    text: () => connections.map((it) => it.text()).join(''),
    accepted: () => accepted,
    setRespond(next) {
      respond = next
    },
    when,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Reads one request from the beginning of the text; undefined while it is not complete. */
function readRequest(text: string, connection: RecordedConnection): RecordedRequest | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const [method = '', path = ''] = first.split(' ')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const
  })
  const header = (name: string) =>
    headers.find(([it]) => it.toLowerCase() === name.toLowerCase())?.[1]
  const begin = end + 4
  const length = bodyLength(text.slice(begin), header)
  if (length === undefined) return undefined
  const body = text.slice(begin, begin + length)
  return { method, path, headers, body, raw: text.slice(0, begin + length), connection, header }
}

function bodyLength(text: string, header: (name: string) => string | undefined) {
  if (header('transfer-encoding')?.toLowerCase() === 'chunked') {
    const end = text.indexOf('0\r\n\r\n')
    return end < 0 ? undefined : end + 5
  }
  const length = Number(header('content-length') ?? 0)
  return text.length < length ? undefined : length
}

/** A whole answer with a length, on a connection that stays open. */
export const respondWith =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Respond =>
  (_request, socket) => {
    const lines = Object.entries({
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`HTTP/1.1 ${status} Text\r\n${lines.join('')}\r\n${body}`)
  }

/** Exactly these bytes. */
export const respondRaw =
  (bytes: string | Buffer): Respond =>
  (_request, socket) =>
    void socket.write(bytes)

/** Part of an answer, then the end of the connection. */
export const respondAndDestroy =
  (bytes: string): Respond =>
  (_request, socket) =>
    void socket.write(bytes, () => socket.destroy())

/** A head, then body bytes for as long as the other side reads. */
export const respondEndlessly =
  (head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n'): Respond =>
  (_request, socket) => {
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.on('drain', more)
    socket.write(head)
    more()
  }

/** Silence. */
export const respondNever: Respond = () => undefined
