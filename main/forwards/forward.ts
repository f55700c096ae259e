import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Forward as Shown } from '#bridge/forwards.ts'
import { AppError, conflict, forbidden } from '#gateway/errors.ts'
import type { GatewayLine } from '../gateway/line.ts'
import { openUpstream, reasonOf, type Destination, type Upstream } from './upstream.ts'

export interface ForwardOptions {
  readonly line: GatewayLine
  readonly to: Destination
  readonly localPort: number | undefined
  readonly changed: () => void
}

/** Connections at a time through one local port. */
const mostConnections = 200

/** A port of this machine that leads into a pod, with one upstream connection for each local one. */
export class Forward {
  readonly id = randomUUID()
  readonly #options: ForwardOptions
  readonly #server: Server
  readonly #open = new Set<() => void>()
  #status: Shown['status'] = 'open'
  #reason: string | undefined
  #bytesIn = 0
  #bytesOut = 0

  private constructor(options: ForwardOptions) {
    this.#options = options
    // Who has ended their own side still hears the rest.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      void this.#serve(socket)
    })
    this.#server.maxConnections = mostConnections
  }

  /** Asks the cluster before it listens: who may not forward, or names no pod, hears so now. */
  static async start(options: ForwardOptions): Promise<Forward> {
    const silent = { bytes() {}, drained() {}, ended() {} }
    const probe = await openUpstream(options.line, options.to, silent)
    probe.close()
    const forward = new Forward(options)
    await forward.#listen()
    return forward
  }

  get shown(): Shown {
    const { port: localPort } = this.#address
    const { cluster, profile, namespace, pod, port } = this.#options.to
    return {
      id: this.id,
      cluster,
      profile,
      namespace,
      pod,
      port,
      localPort,
      status: this.#status,
      ...(this.#reason !== undefined && { reason: this.#reason }),
      connections: this.#open.size,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
    }
  }

  #address: AddressInfo = { address: '', family: '', port: 0 }

  /** Nothing is listened to and nothing is open when it resolves. */
  async stop(reason?: string): Promise<void> {
    if (this.#status === 'closed') return
    this.#become('closed', reason)
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const cut of this.#open) cut()
    await closed
  }

  async #listen(): Promise<void> {
    const { localPort = 0 } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        reject(portError(localPort, error))
      })
      this.#server.listen(localPort, '127.0.0.1', resolve)
    })
    this.#address = this.#server.address() as AddressInfo
  }

  async #serve(socket: Socket): Promise<void> {
    let upstream: Upstream | undefined
    const cut = () => {
      upstream?.close()
      socket.destroy()
    }
    const over = () => {
      upstream?.close()
      if (this.#open.delete(cut)) this.#options.changed()
    }
    this.#open.add(cut)
    this.#options.changed()
    socket.on('error', () => socket.destroy())
    socket.once('close', over)
    try {
      upstream = await openUpstream(this.#options.line, this.#options.to, {
        bytes: (bytes) => {
          this.#count('in', bytes.length)
          if (!socket.write(bytes)) upstream?.pause()
        },
        drained: () => socket.resume(),
        ended: (reason) => {
          if (reason !== undefined && !socket.destroyed) this.#become('failing', reason)
          socket.destroySoon()
        },
      })
    } catch (error) {
      this.#become('failing', reasonOf(error))
      socket.destroy()
      return
    }
    if (socket.destroyed) {
      upstream.close()
      return
    }
    this.#become('open')
    this.#join(socket, upstream)
  }

  #join(socket: Socket, upstream: Upstream): void {
    socket.setNoDelay(true)
    socket.on('drain', () => upstream.resume())
    socket.on('data', (bytes: Buffer) => {
      this.#count('out', bytes.length)
      if (!upstream.write(bytes)) socket.pause()
    })
    socket.resume()
  }

  #count(way: 'in' | 'out', bytes: number): void {
    if (way === 'in') this.#bytesIn += bytes
    else this.#bytesOut += bytes
    this.#options.changed()
  }

  #become(status: Shown['status'], reason?: string): void {
    if (this.#status === 'closed') return
    const isSame = this.#status === status && this.#reason === reason
    this.#status = status
    this.#reason = reason
    if (!isSame) this.#options.changed()
  }
}

function portError(port: number, error: NodeJS.ErrnoException): AppError {
  if (error.code === 'EADDRINUSE')
    return conflict(`Port ${port} of this machine is in use. Choose another one, or none`)
  if (error.code === 'EACCES')
    return forbidden(`This machine gives port ${port} to its administrator only`)
  return new AppError(
    'unavailable',
    `Port ${port} cannot be opened (${error.code ?? error.message})`,
  )
}
