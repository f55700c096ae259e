import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '#gateway/place.ts'
import { AppError } from '#gateway/errors.ts'
import type { GatewayLine } from '../gateway/line.ts'
import { mintCertificate } from './certificate.ts'
import { answer, exchange } from './exchange.ts'
import { refusalOf, type Refusal } from './heads.ts'
import { kubeconfigText } from './kubeconfig.ts'
import { Leases, type Lease } from './leases.ts'
import { makePrivateFolder, writePrivateFile } from './private-folder.ts'
import { refuseSocket, tunnel } from './tunnel.ts'

export interface LoopbackOptions {
  /** Below the app's own data; made here with mode 0700. */
  readonly folder: string
  /** Told of every request that was refused, with why. */
  readonly onRefused?: (reason: string) => void
}

/** What one terminal is given: files that lead to one place, until it closes. */
export interface LoopbackAccess {
  /** Private; whatever the terminal's tools keep for this place may lie here. It goes with the terminal. */
  readonly folder: string
  readonly kubeconfig: string
  /** Called once when the access ends for another reason than `close`: signed out, another gateway. */
  onEnd(listener: () => void): void
  /** The token is dead and every stream of it cut when this returns; its files are gone when it resolves. */
  close(): Promise<void>
}

export interface Loopback {
  open(place: Place, namespace?: string): Promise<LoopbackAccess>
  close(): Promise<void>
}

/** Bytes of a request's head. */
const longestHead = 64 * 1024
const mostConnections = 1_000

/**
 * An HTTPS server on 127.0.0.1 that lends the session of the app to programs in local terminals: to each
 * for one place, by a token that is good for nothing else. HTTPS, because client-go gives its token to no
 * other; it listens from the first terminal on.
 */
export function createLoopback(line: GatewayLine, options: LoopbackOptions): Loopback {
  const leases = new Leases()
  const endings = new Set<() => void>()
  const removals = new Set<Promise<void>>()
  const remove = (folder: string) => {
    const removal = rm(folder, { recursive: true, force: true })
    removals.add(removal)
    return removal.finally(() => removals.delete(removal))
  }
  let listening: Promise<Listening> | undefined
  let isClosed = false
  const stopListening = line.onEnd(() => {
    leases.endAll()
    for (const ending of endings) ending()
  })
  return {
    async open(place, namespace) {
      if (isClosed) throw new AppError('unavailable', 'The gateway is no longer in use')
      const { port, caPem } = await (listening ??= listen({ line, leases, options }))
      const folder = await makePrivateFolder(options.folder)
      const { token, lease } = leases.grant(place)
      const listeners = new Set<() => void>()
      const ending = () => {
        endings.delete(ending)
        // Whoever closes waits for it, and hears if it failed.
        void remove(folder).catch(() => undefined)
        for (const listener of listeners) listener()
      }
      endings.add(ending)
      const kubeconfig = join(folder, 'kubeconfig')
      const server = `https://127.0.0.1:${port}`
      const text = kubeconfigText({ place, server, caPem, token, namespace })
      await writePrivateFile(kubeconfig, text)
      return {
        folder,
        kubeconfig,
        onEnd: (listener) => void listeners.add(listener),
        async close() {
          lease.end()
          endings.delete(ending)
          await remove(folder)
        },
      }
    },
    async close() {
      isClosed = true
      stopListening()
      leases.endAll()
      for (const ending of endings) ending()
      await Promise.all(removals)
      await (await listening?.catch(() => undefined))?.stop()
    },
  }
}

interface Listening {
  readonly port: number
  readonly caPem: string
  stop(): Promise<void>
}

interface Serving {
  readonly line: GatewayLine
  readonly leases: Leases
  readonly options: LoopbackOptions
}

async function listen({ line, leases, options }: Serving): Promise<Listening> {
  const { caPem, certificatePem, keyPem } = await mintCertificate()
  const server = createServer({
    cert: certificatePem,
    key: keyPem,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    maxHeaderSize: longestHead,
  })
  server.maxConnections = mostConnections
  server.headersTimeout = 10_000
  // A body may take as long as its terminal lives.
  server.requestTimeout = 0
  const sockets = holdSockets(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const admit = (req: IncomingMessage): Lease | Refusal => {
    const refusal = refusalOf(req, port)
    const lease = refusal ?? leases.find(req.headers.authorization)
    const admitted = lease ?? { code: 401, message: 'This token is not that of an open terminal' }
    if ('code' in admitted) options.onRefused?.(admitted.message)
    return admitted
  }
  server.on('request', (req, res) => {
    const lease = admit(req)
    if ('code' in lease) answer(res, lease)
    else void exchange(line, lease, { req, res })
  })
  const upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const lease = admit(req)
    if ('code' in lease) refuseSocket(socket, lease)
    else void tunnel(line, lease, { req, socket, head })
  }
  server.on('upgrade', upgrade)
  // Never a lease: CONNECT is not among the methods. Without a listener its sockets would be closed unsaid.
  server.on('connect', upgrade)
  return {
    port,
    caPem,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Every open connection, those included that are idle or became tunnels. */
function holdSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}
