import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:tls'
import type { CertificatePair } from './cluster/certificates.ts'

/** A TLS server that answers nothing and remembers every byte that was said to it. */
export interface ListeningTls {
  readonly port: number
  /** Connections that were begun. */
  readonly greeted: () => number
  /** Application data of all connections. */
  readonly heard: () => string
  /** Resolves when every connection so far has ended. */
  idle(): Promise<void>
  close(): Promise<void>
}

export async function listenTls(pair: CertificatePair, port = 0): Promise<ListeningTls> {
  const open = new Set<Socket>()
  const chunks: Buffer[] = []
  let greeted = 0
  const server = createServer({ cert: pair.certificatePem, key: pair.keyPem }, (socket) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', () => undefined)
  })
  server.on('connection', (socket: Socket) => {
    greeted += 1
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    greeted: () => greeted,
    heard: () => Buffer.concat(chunks).toString(),
    async idle() {
      await Promise.all([...open].map((it) => new Promise((resolve) => it.once('close', resolve))))
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
