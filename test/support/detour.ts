import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer as createHttpsServer, request } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { makeAuthority } from './cluster/certificates.ts'
import type { ClusterHandle } from './cluster/client.ts'

/** Another address of a real cluster, whose owner sees what is sent there and can break it. */
export interface Detour {
  readonly address: string
  readonly host: string
  readonly caPem: string
  /** The Authorization of every request that arrived. */
  readonly seen: readonly string[]
  /** Every token that the cluster handed out this way. */
  readonly handedOut: readonly string[]
  /** With whose certificate it answers from now on; ends the connections that are open. */
  show(what: 'the cluster' | 'a strange certificate'): Promise<void>
  stop(): Promise<void>
}

/** Ordinary requests only: nothing is upgraded on the way. */
export async function openDetour({ address, caPem }: ClusterHandle): Promise<Detour> {
  const [known, strange] = await Promise.all([makeAuthority(), makeAuthority('Somebody else')])
  const pairs = {
    'the cluster': await known.certificateFor(['127.0.0.1']),
    'a strange certificate': await strange.certificateFor(['127.0.0.1']),
  }
  const contextOf = (what: keyof typeof pairs) => ({
    cert: pairs[what].certificatePem,
    key: pairs[what].keyPem,
  })
  const agent = new Agent({ keepAlive: true, ca: caPem })
  const seen: string[] = []
  const handedOut: string[] = []
  const sockets = new Set<Socket>()

  const forward = async (req: IncomingMessage, res: ServerResponse) => {
    const { method, url: path = '', headers } = req
    seen.push(headers.authorization ?? '')
    const { hostname, port } = new URL(address)
    const options = { agent, hostname, port, path, method, headers }
    const asking = request(options, (response) => {
      res.writeHead(response.statusCode ?? 502, response.headers)
      if (!path.endsWith('/token')) {
        response.pipe(res)
        return
      }
      buffer(response).then(
        (body) => {
          handedOut.push(...tokensIn(body.toString()))
          res.end(body)
        },
        () => res.destroy(),
      )
    })
    asking.on('error', () => res.destroy())
    res.once('close', () => asking.destroy())
    req.pipe(asking)
  }

  const server = createHttpsServer(contextOf('the cluster'), (req, res) => void forward(req, res))
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const breakAll = () => sockets.forEach((it) => it.destroy())
  return {
    address: `https://${host}`,
    host,
    caPem: known.caPem,
    seen,
    handedOut,
    async show(what) {
      server.setSecureContext(contextOf(what))
      const gone = [...sockets].map((it) => new Promise((resolve) => it.once('close', resolve)))
      breakAll()
      await Promise.all(gone)
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      breakAll()
      await closed
      agent.destroy()
    },
  }
}

const tokensIn = (text: string): string[] =>
  [...text.matchAll(/"token":"([^"]+)"/g)].flatMap(([, token]) => (token ? [token] : []))
