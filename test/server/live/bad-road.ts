import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer, request } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { makeAuthority } from '../../support/cluster/certificates.ts'
import type { ClusterHandle } from '../../support/cluster/client.ts'

/** A way to a real cluster on which things happen. */
export interface BadRoad {
  readonly address: string
  readonly host: string
  readonly caPem: string
  /** Watches that are open through it. */
  readonly watches: number
  /** Ends every connection. */
  cut(): void
  /** Connections stay, and nothing comes through them ever again; new ones are as mute until `reopen`. */
  hold(): void
  reopen(): void
  /** One open watch goes mute for good, while everything else works. */
  holdOne(pick: (count: number) => number): boolean
  /** The next watches from a version on are told that it is too old. */
  expire(count: number): void
  stop(): Promise<void>
}

export async function openBadRoad({ address, caPem }: ClusterHandle): Promise<BadRoad> {
  const authority = await makeAuthority()
  const pair = await authority.certificateFor(['127.0.0.1'])
  const { hostname, port } = new URL(address)
  const agent = new Agent({ keepAlive: true, ca: caPem })
  const sockets = new Set<Socket>()
  const flows = new Set<Flow>()
  let held = false
  let expiring = 0

  function forward(req: IncomingMessage, res: ServerResponse): void {
    const { method, url: path = '', headers } = req
    if (held) return
    const isWatch = path.includes('watch=1')
    if (isWatch && path.includes('resourceVersion=') && expiring > 0) {
      expiring -= 1
      res.writeHead(410).end()
      return
    }
    const asking = request({ agent, hostname, port, path, method, headers }, (response) => {
      if (held) {
        response.destroy()
        return
      }
      res.writeHead(response.statusCode ?? 502, response.headers)
      res.flushHeaders()
      const flow: Flow = { response, res, isWatch }
      flows.add(flow)
      response.once('close', () => flows.delete(flow))
      response.pipe(res)
      // A server that dies leaves half an answer, which must not look like a whole one.
      response.once('error', () => res.destroy())
      response.once('aborted', () => res.destroy())
    })
    asking.on('error', () => res.destroy())
    res.once('close', () => asking.destroy())
    req.pipe(asking)
  }

  function mute(flow: Flow): void {
    flows.delete(flow)
    flow.response.unpipe(flow.res)
    flow.response.removeAllListeners('aborted').destroy()
  }

  const server = createServer({ cert: pair.certificatePem, key: pair.keyPem }, forward)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const open = () => [...flows].filter((it) => it.isWatch)
  return {
    address: `https://${host}`,
    host,
    caPem: authority.caPem,
    get watches() {
      return open().length
    },
    cut: () => sockets.forEach((it) => it.destroy()),
    hold() {
      held = true
      for (const flow of flows) mute(flow)
    },
    reopen: () => void (held = false),
    holdOne(pick) {
      const watches = open()
      const flow = watches[pick(watches.length)]
      if (flow) mute(flow)
      return flow !== undefined
    },
    expire: (count) => void (expiring = count),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const it of sockets) it.destroy()
      await closed
      agent.destroy()
    },
  }
}

interface Flow {
  readonly response: IncomingMessage
  readonly res: ServerResponse
  readonly isWatch: boolean
}
