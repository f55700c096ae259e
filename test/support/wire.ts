import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** The network between two parts, byte for byte, which can be lost and come back. */
export interface Wire {
  readonly port: number
  /** Where it leads from now on; before that nobody answers. */
  lead(to: { readonly host: string; readonly port: number }): void
  /** As a network that is gone: nobody is told, nothing arrives, and who comes anew is left waiting. */
  lose(): void
  /** Everything that was under way arrives now. */
  restore(): void
  stop(): Promise<void>
}

/** Its ends keep their own TLS: nothing is opened on the way. */
export async function openWire(): Promise<Wire> {
  const sockets = new Set<Socket>()
  let target: { readonly host: string; readonly port: number } | undefined
  let isLost = false
  const waiting = new Set<() => void>()

  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  }
  const carry = (from: Socket, to: Socket) => {
    const pass = (work: () => void) => {
      if (isLost) waiting.add(work)
      else work()
    }
    from.on('data', (chunk: Buffer) => {
      pass(() => to.write(chunk))
    })
    from.on('close', () => {
      pass(() => to.end())
    })
  }
  const lay = (near: Socket) => {
    if (!target) return near.destroy()
    const far = connect(target)
    track(far)
    carry(near, far)
    carry(far, near)
    return far
  }
  const server = createServer((near) => {
    track(near)
    if (isLost) waiting.add(() => void lay(near))
    else lay(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    lead: (to) => void (target = to),
    lose: () => void (isLost = true),
    restore() {
      isLost = false
      const late = [...waiting]
      waiting.clear()
      for (const work of late) work()
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
