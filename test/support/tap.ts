import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import type { CertificatePair } from './cluster/certificates.ts'

/** Somebody in the middle who has the server’s key: everything that travels, in clear, both ways. */
export interface Tap {
  readonly port: number
  /** Where it leads; nobody comes before it is said. */
  lead(to: { readonly port: number; readonly caPem: string; readonly pair?: CertificatePair }): void
  /** All that was heard, as latin1. */
  heard(): string
  stop(): Promise<void>
}

export async function openTap(pair?: CertificatePair): Promise<Tap> {
  const pieces: Buffer[] = []
  const sockets = new Set<Socket>()
  let target: { readonly port: number; readonly caPem: string } | undefined
  const keep = (socket: TLSSocket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
  }
  const server = createServer(
    { ...(pair && secureFrom(pair)), ALPNProtocols: ['http/1.1'] },
    (near) => {
      keep(near)
      const far = connect({
        host: '127.0.0.1',
        port: target?.port ?? 0,
        ca: target?.caPem,
        ALPNProtocols: ['http/1.1'],
      })
      keep(far)
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (piece: Buffer) => pieces.push(piece))
        from.pipe(to)
        from.once('close', () => to.destroy())
      }
    },
  )
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    lead({ pair: own, ...to }) {
      target = to
      if (own) server.setSecureContext(secureFrom(own))
    },
    heard: () => Buffer.concat(pieces).toString('latin1'),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const secureFrom = ({ certificatePem, keyPem }: CertificatePair) => ({
  cert: certificatePem,
  key: keyPem,
})
