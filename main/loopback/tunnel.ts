import { STATUS_CODES, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { GatewayLine } from '../gateway/line.ts'
import { optionsFor, tokenOf, unreachable } from './exchange.ts'
import { headForClient, statusText, type Refusal } from './heads.ts'
import type { Lease } from './leases.ts'

export interface Upgrading {
  readonly req: IncomingMessage
  readonly socket: Duplex
  /** What the client sent behind its head. */
  readonly head: Buffer
}

/** The two ways in which clients of Kubernetes open streams. */
const protocols: ReadonlySet<string> = new Set(['websocket', 'spdy/3.1'])

/** Carries exec, attach and port-forward: once the gateway has agreed, bytes are passed on as they are. */
export async function tunnel(line: GatewayLine, lease: Lease, it: Upgrading): Promise<void> {
  const { req, socket, head } = it
  const protocol = req.headers.upgrade ?? ''
  if (!protocols.has(protocol.toLowerCase())) {
    refuseSocket(socket, { code: 400, message: `Nobody here speaks ${protocol.slice(0, 40)}` })
    return
  }
  const token = await tokenOf(line)
  if (typeof token !== 'string') {
    refuseSocket(socket, token)
    return
  }
  let upstream: Socket
  try {
    // A connection of its own, so that each side may end before the other.
    upstream = await line.connect()
  } catch (error) {
    refuseSocket(socket, unreachable(error as Error))
    return
  }
  const { headers, ...options } = optionsFor(line, lease, req, token)
  const asking = request({
    ...options,
    headers: { ...headers, connection: 'Upgrade', upgrade: protocol },
    createConnection: () => upstream,
  })
  const cut = () => {
    upstream.destroy()
    socket.destroy()
  }
  const release = lease.hold(cut)
  socket.once('close', () => {
    release()
    upstream.destroy()
  })
  upstream.once('close', release)
  asking.once('upgrade', (response, _socket, upstreamHead) => {
    socket.write(headText(101, ['Connection', 'Upgrade', 'Upgrade', protocol, ...kept(response)]))
    join(socket as Socket, upstream, { head, upstreamHead })
  })
  asking.once('response', (response) => {
    // A refusal: said on, and that is the end of this connection.
    socket.write(headText(response.statusCode ?? 502, [...kept(response), 'Connection', 'close']))
    response.once('error', cut)
    response.pipe(socket)
  })
  asking.once('error', (error) => {
    upstream.destroy()
    refuseSocket(socket, unreachable(error))
  })
  asking.end()
}

const kept = (response: IncomingMessage) => headForClient(response.rawHeaders)

interface Heads {
  readonly head: Buffer
  readonly upstreamHead: Buffer
}

function join(client: Socket, upstream: Socket, { head, upstreamHead }: Heads): void {
  for (const side of [client, upstream]) {
    side.allowHalfOpen = true
    side.setNoDelay(true)
    side.setKeepAlive(true, 15_000)
    side.setTimeout(0)
  }
  upstream.on('error', () => client.destroy())
  // Who is gone takes the other along; who has only ended its own side still hears the rest.
  upstream.once('close', () => client.destroySoon())
  if (upstreamHead.length > 0) client.write(upstreamHead)
  if (head.length > 0) upstream.write(head)
  client.pipe(upstream)
  upstream.pipe(client)
}

function headText(code: number, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? 'Refused'}\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2)
    text += `${headers[at] ?? ''}: ${headers[at + 1] ?? ''}\r\n`
  return `${text}\r\n`
}

export function refuseSocket(socket: Duplex, refusal: Refusal): void {
  if (socket.destroyed) return
  const body = statusText(refusal)
  const head = headText(refusal.code, [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Connection',
    'close',
  ])
  socket.end(head + body)
}
