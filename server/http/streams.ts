import { randomUUID } from 'node:crypto'
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Identity } from '../access/index.ts'
import type { Attempt } from '../audit/index.ts'
import { AppError, httpStatus, toErrorBody, unauthenticated } from '../contract/errors.ts'
import { streams, type StreamName, type StreamPort } from '../contract/streams.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../policies/caller.ts'
import { wordsFor } from '../policies/stream-ends.ts'
import { bearerOf, sourceOf } from '../proxy/index.ts'
import { Crowd } from './crowd.ts'
import { checkEdge, cookieNames, type Surface } from './edge.ts'
import { cookieOf } from './gate.ts'
import { longestMessage, SocketPort } from './stream-port.ts'

/** Who serves each stream; sets its listeners on the port before it returns. */
export type StreamRooms = Readonly<
  Record<StreamName, (viewer: Viewer, input: never, port: StreamPort) => void>
>

const prefix = '/streams/'
export const isStream = (url: string | undefined): boolean => url?.startsWith(prefix) ?? false

/** The streams of the contract, on one listener. */
export interface StreamServer {
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Says on every stream that the gateway is restarting, and ends it. */
  drain(): void
}

type StreamDeps = Pick<Deps, 'access' | 'audit' | 'config' | 'log'>

/** Milliseconds between knocks: whoever is silent is noticed after one to two of them. */
const knocking = 5_000

/** The people of all listeners: a person has one share of streams. */
export const streamCrowd = ({ limits }: Deps['config']) => new Crowd(limits.streamsPerPerson)

export function createStreams(
  deps: StreamDeps,
  surface: Surface,
  rooms: StreamRooms,
  crowd: Crowd,
): StreamServer {
  const { access, audit, log } = deps
  const ports = new Set<SocketPort>()
  const arrivals = new WeakMap<IncomingMessage, Arrival>()
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: longestMessage,
    handleProtocols: () => false,
  })
  // What is not a WebSocket’s handshake is refused by us, with a record.
  webSockets.on('wsClientError', (error, socket, req) => {
    const arrival = arrivals.get(req) ?? arrivalOf(req)
    void refuse(arrival, socket, new AppError('invalid_input', error.message))
  })
  let knocks: NodeJS.Timeout | undefined

  return {
    upgrade(req, socket, head) {
      // From the first moment on: an unheard error would end the process.
      socket.on('error', () => socket.destroy())
      const arrival = arrivalOf(req)
      arrivals.set(req, arrival)
      admit(req, arrival).then(
        (name) => open(name, arrival, { req, socket, head }),
        (error: unknown) => refuse(arrival, socket, error),
      )
    },
    drain() {
      for (const port of ports) port.drain(wordsFor.draining)
    },
  }

  /** As far as the name of a stream, and who asks for it. @throws AppError */
  async function admit(req: IncomingMessage, arrival: Arrival): Promise<StreamName> {
    if (audit.state.status === 'failing') throw auditFails
    const stranger = checkEdge(surface, req.rawHeaders)
    if (stranger) throw new AppError(stranger.code, stranger.reason)
    arrival.identity = await identify(req)
    const name = nameIn(req.url ?? '')
    if (!name) throw new AppError('not_found', `There is no stream at "${arrival.path}"`)
    if (req.method !== 'GET') throw new AppError('invalid_input', 'A stream is opened by a GET')
    return name
  }

  function identify({ rawHeaders, headers }: IncomingMessage): Identity | Promise<Identity> {
    const bearer = bearerOf(rawHeaders, cookieNames)
    if (bearer.status === 'invalid') throw new AppError(bearer.code, bearer.reason)
    if (bearer.status === 'token') return access.authenticate(bearer.token, 'gatehouse')
    const cookie = cookieOf(headers.cookie, surface.cookie.name)
    if (cookie === undefined) throw unauthenticated()
    // A browser says from which page it opens a WebSocket; nothing else protects one against strange pages.
    if (!surface.origins.has(headers.origin ?? ''))
      throw new AppError('forbidden', 'Streams are opened by the gateway’s own pages only')
    return access.authenticate(cookie, surface.cookie.audience)
  }

  function open(name: StreamName, arrival: Arrival, upgrading: Upgrading): void {
    const { req, socket, head } = upgrading
    const { identity } = arrival
    if (!identity || socket.destroyed) return
    let leave: () => void
    try {
      leave = crowd.enter(identity.person.id)
    } catch (error) {
      void refuse(arrival, socket, error)
      return
    }
    socket.once('close', leave)
    webSockets.handleUpgrade(req, socket, head, (webSocket) => {
      steady(socket as Socket)
      serve(name, { ...arrival, identity }, webSocket)
    })
  }

  function serve(name: StreamName, arrival: Arrival & Viewer, socket: WebSocket): void {
    const { identity, source, requestId } = arrival
    const contract = streams[name]
    const port = new SocketPort({
      socket,
      contract,
      beats: identity.session.kind === 'console',
      input: (input) => rooms[name]({ identity, source, requestId }, input as never, port),
      offended: (error) => record(arrival, error).catch(() => undefined),
      broke: (error) => log.error({ err: error, id: requestId }, 'a stream failed in the gateway'),
    })
    ports.add(port)
    const end = access.attend(identity, (reason) => port.cut(wordsFor[reason]))
    socket.once('close', () => {
      end()
      ports.delete(port)
      if (ports.size > 0) return
      clearInterval(knocks)
      knocks = undefined
    })
    // Judged after what has arrived was read: the answers of all wait while the process is busy.
    knocks ??= setInterval(() => setImmediate(() => ports.forEach((it) => it.knock())), knocking)
  }

  /** A refusal is committed before it is answered; one that cannot be is answered as the reason for that. */
  async function refuse(arrival: Arrival, socket: Duplex, error: unknown): Promise<void> {
    if (!(error instanceof AppError))
      log.error({ err: error, id: arrival.requestId }, 'a stream failed in the gateway')
    const answer = await record(arrival, error).then(
      () => error,
      () => auditFails,
    )
    if (!socket.destroyed) socket.end(refusal(answer, arrival.requestId), () => socket.destroy())
  }

  async function record(arrival: Arrival, error: unknown): Promise<void> {
    if (error === auditFails) return
    const { requestId, source, path, identity } = arrival
    const { code, message } = toErrorBody(error)
    const attempt: Attempt = {
      id: requestId,
      action: 'streams',
      result: httpStatus[code] >= 500 ? 'failed' : 'refused',
      source,
      path,
      status: httpStatus[code],
      reason: message,
      ...(identity && {
        person: identity.person.name,
        personId: identity.person.id,
        session: identity.session.id,
      }),
    }
    await audit.event(attempt)
  }
}

interface Upgrading {
  readonly req: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** Filled in as it becomes known, so that a refusal is recorded with all that was known by then. */
interface Arrival {
  readonly requestId: string
  readonly source: string
  readonly path: string
  identity: Identity | undefined
}

const arrivalOf = ({ socket, url = '' }: IncomingMessage): Arrival => ({
  requestId: randomUUID(),
  source: sourceOf(socket),
  // Whatever a careless client puts behind it.
  path: (url.split('?', 1)[0] ?? '').slice(0, 200),
  identity: undefined,
})

function nameIn(url: string): StreamName | undefined {
  const name = url.startsWith(prefix) ? url.slice(prefix.length) : ''
  return Object.hasOwn(streams, name) ? (name as StreamName) : undefined
}

const auditFails = new AppError(
  'unavailable',
  'Nothing new is opened while the audit log cannot be written. Ask an administrator of the gateway.',
)

function refusal(error: unknown, requestId: string): string {
  const body = toErrorBody(error)
  const status = httpStatus[body.code]
  const text = JSON.stringify(body)
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `Audit-Id: ${requestId}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  if (status === 401) lines.push('WWW-Authenticate: Bearer realm="gatehouse"')
  if (body.retryAfter !== undefined) lines.push(`Retry-After: ${body.retryAfter}`)
  return `${lines.join('\r\n')}\r\n\r\n${text}`
}

/** What a quiet stream needs of its connection. */
function steady(socket: Socket): void {
  socket.setKeepAlive(true, 15_000)
  socket.setNoDelay(true)
}
