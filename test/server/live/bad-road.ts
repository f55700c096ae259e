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
  /** Whether nobody gets through: connections are ended as they come, and those that are open at once. */
  refuse(refuses: boolean): void
  /** From now on it is as the road to an API server of another time. */
  age(older: Older): void
  /** What was asked through it, as path and query, in its order. */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

/** An API server that serves no list by watch, and pages of every list. */
export interface Older {
  /** `refuses` as one does that knows of it, `ignores` as one does that never heard of it. */
  readonly sendInitialEvents: 'refuses' | 'ignores'
  /** Objects of a page, however many are asked for. */
  readonly page: number
  /** Comes before a page that follows another. */
  readonly between?: () => Promise<'go' | 'expired'>
}

export async function openBadRoad({ address, caPem }: ClusterHandle): Promise<BadRoad> {
  const authority = await makeAuthority()
  const pair = await authority.certificateFor(['127.0.0.1'])
  const { hostname, port } = new URL(address)
  const agent = new Agent({ keepAlive: true, ca: caPem })
  const sockets = new Set<Socket>()
  const flows = new Set<Flow>()
  let held = false
  let refusing = false
  const asked: string[] = []
  let expiring = 0
  let older: Older | undefined

  function take(req: IncomingMessage, res: ServerResponse): void {
    const { url = '' } = req
    asked.push(url)
    if (older)
      grow(older, url).then(
        (path) => pass(path),
        () => res.destroy(),
      )
    else forward(req, res, url)

    function pass(path: string | Refused): void {
      if (typeof path === 'string') forward(req, res, path)
      else
        res
          .writeHead(path.code, { 'content-type': 'application/json' })
          .end(JSON.stringify(statusOf(path)))
    }
  }

  function forward(req: IncomingMessage, res: ServerResponse, path: string): void {
    const { method, headers } = req
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

  const server = createServer({ cert: pair.certificatePem, key: pair.keyPem }, take)
  server.on('connection', (socket: Socket) => {
    if (refusing) socket.destroy()
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
    refuse(refuses) {
      refusing = refuses
      if (refuses) sockets.forEach((it) => it.destroy())
    },
    age: (its) => void (older = its),
    asked,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const it of sockets) it.destroy()
      await closed
      agent.destroy()
    },
  }
}

interface Refused {
  readonly code: number
  readonly reason: string
  readonly message: string
}

/** What an older API server makes of a question: another one, or a refusal in its own words. */
async function grow(
  { sendInitialEvents, page, between }: Older,
  url: string,
): Promise<string | Refused> {
  const [path = '', search] = url.split('?')
  const query = new URLSearchParams(search)
  if (query.has('sendInitialEvents')) {
    if (sendInitialEvents === 'refuses') return unheardOf
    query.delete('sendInitialEvents')
    query.delete('resourceVersionMatch')
    // With bookmarks the API server behind would mark the end of what is there unasked.
    query.delete('allowWatchBookmarks')
  }
  if (query.has('continue') && (await between?.()) === 'expired') return tooOld
  if (query.has('limit')) {
    query.set('limit', `${page}`)
    // Without a watch cache nothing is told from memory, which knows no pages.
    query.delete('resourceVersion')
  }
  return `${path}?${query.toString()}`
}

const unheardOf: Refused = {
  code: 422,
  reason: 'Invalid',
  message:
    'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
}
const tooOld: Refused = {
  code: 410,
  reason: 'Expired',
  message:
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
}

const statusOf = ({ code, reason, message }: Refused) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  code,
})

interface Flow {
  readonly response: IncomingMessage
  readonly res: ServerResponse
  readonly isWatch: boolean
}
