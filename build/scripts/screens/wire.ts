import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A second way to one cluster, which can fall silent. */
export interface Wire {
  readonly address: string
  /** Nothing arrives any more, and nobody is told. */
  lose(): void
  restore(): void
  stop(): void
}

export async function openWire(to: string): Promise<Wire> {
  const { hostname, port } = new URL(to)
  const sockets = new Set<Socket>()
  const track = (socket: Socket, other: () => Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => {
      sockets.delete(socket)
      other().destroy()
    })
  }
  let isLost = false
  const server = createServer((near) => {
    const far: Socket = connect(Number(port), hostname)
    track(near, () => far)
    track(far, () => near)
    near.pipe(far)
    far.pipe(near)
    if (isLost) hold(near, far)
  })
  const hold = (...held: readonly Socket[]) => {
    for (const it of held) it.unpipe().pause()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    lose() {
      isLost = true
      hold(...sockets)
    },
    restore() {
      isLost = false
      // What was held is out of step; whoever still wants something comes anew.
      for (const it of sockets) it.destroy()
    },
    stop() {
      server.close()
      for (const it of sockets) it.destroy()
    },
  }
}
