import {
  createServer as createHttpServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Config } from '../config.ts'
import { sourceOf } from '../proxy/index.ts'

export interface Listener {
  readonly port: number
  /** Takes no new connection; those that are idle end, the others finish what they do. */
  stop(): Promise<void>
  /** Ends what is left, at once. */
  destroy(): void
}

/** Against slow and huge heads (proxy.md 1.6); kube-apiserver’s own bounds where it has them. */
const limits = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 20_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
  // Two Hosts are refused by us with a reason; none at all is refused by Node.
  requireHostHeader: true,
}
const mostHeaders = 100
const mostConnections = 10_000

/** What arrives at a port. */
export interface Arrivals {
  request: RequestListener
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Something that never became a request was refused. */
  refused(refusal: UnreadRefusal): void
}

export interface UnreadRefusal {
  readonly source: string
  readonly status: number
  readonly reason: string
}

/** The port that people and kubectl use: TLS, HTTP/1.1 only. */
export function listenTls(
  config: Config['listen'],
  perSource: number,
  arrivals: Arrivals,
): Promise<Listener> {
  const server = createHttpsServer(
    {
      ...limits,
      cert: config.certificatePem,
      key: config.keyPem,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: 10_000,
    },
    (req, res) => arrivals.request(req, res),
  )
  server.on('upgrade', (req, socket, head) => arrivals.upgrade(req, socket, head))
  refuseUnread(server, arrivals)
  limitSources(server, perSource)
  return start(server, config.host, config.port)
}

/** A listener without TLS: for this machine, or for a network that the operator trusts. */
export function listenPlain(
  host: string,
  port: number,
  onRequest: RequestListener,
  onUpgrade?: Arrivals['upgrade'],
): Promise<Listener> {
  const server = createHttpServer(limits, onRequest)
  // Without it, Node answers as if the upgrade had not been asked for.
  if (onUpgrade) server.on('upgrade', onUpgrade)
  server.on('connect', (_req, socket) => socket.end(emptyAnswer(400)))
  return start(server, host, port)
}

/** Answers what Node cannot read as a request, as Node would, and tells of it. */
function refuseUnread(server: Server, { refused }: Pick<Arrivals, 'refused'>): void {
  const answering = new WeakMap<Duplex, ServerResponse>()
  const tell = (socket: Duplex, status: number, reason: string) => {
    refused({ source: sourceOf(socket as Socket), status, reason })
  }
  server.prependListener('request', (_req, res) => {
    if (res.socket) answering.set(res.socket, res)
  })
  server.on('connect', (_req, socket) => {
    tell(socket, 400, 'CONNECT: this is not a proxy to elsewhere')
    socket.end(emptyAnswer(400))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = unreadStatus(error.code ?? '')
    // A connection that broke, or that TLS never secured, has nobody to answer.
    if (status === undefined) socket.destroy()
    // What still comes behind something unreadable is unreadable too, and is answered already.
    if (status === undefined || socket.writableEnded) return
    const res = answering.get(socket)
    const isUnderWay = res !== undefined && !res.writableFinished
    // Whoever never finished a head was refused nothing; a request under way records itself.
    if (status !== 408 && !isUnderWay) tell(socket, status, `this is not HTTP: ${error.code}`)
    // Behind the head of an answer, a second one would be part of its body.
    if (socket.writable && !(isUnderWay && res.headersSent)) socket.write(emptyAnswer(status))
    ;(socket as Socket).destroySoon()
  })
}

function unreadStatus(code: string): number | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  if (!code.startsWith('HPE_')) return undefined
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
}

const emptyAnswer = (status: number) =>
  `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`

/** One machine cannot hold all connections: beyond its share, new ones are dropped before TLS costs anything. */
function limitSources(server: Server, most: number): void {
  const held = new Map<string, number>()
  server.prependListener('connection', (socket: Socket) => {
    const { remoteAddress: source = '' } = socket
    const count = held.get(source) ?? 0
    if (count >= most) {
      socket.destroy()
      return
    }
    held.set(source, count + 1)
    socket.once('close', () => {
      const left = (held.get(source) ?? 1) - 1
      if (left > 0) held.set(source, left)
      else held.delete(source)
    })
  })
}

async function start(server: Server, host: string, port: number): Promise<Listener> {
  const sockets = new Set<Socket>()
  server.maxHeadersCount = mostHeaders
  server.maxConnections = mostConnections
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.on('checkContinue', (req, res) => {
    res.writeContinue()
    server.emit('request', req, res)
  })
  // Node would answer 417 by itself, without a record.
  server.on('checkExpectation', (req, res) => server.emit('request', req, res))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        // A connection on which an answer was under way becomes idle later, and its client would keep it.
        const sweep = setInterval(() => server.closeIdleConnections(), 100)
        server.close(() => {
          clearInterval(sweep)
          resolve()
        })
        server.closeIdleConnections()
      }),
    destroy: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}
