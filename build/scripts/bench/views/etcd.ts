import { connect, type ClientHttp2Session } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { bytesField, numberField, readMessage, type Field } from './protobuf.ts'

export interface KeyValue {
  readonly key: Buffer
  readonly value: Buffer
}

/** The store of our own cluster: as much of its gRPC as changing pods takes. */
export interface Etcd {
  /** All below a prefix. */
  list(prefix: string): Promise<KeyValue[]>
  put(key: Buffer, value: Buffer): Promise<void>
  close(): void
}

const pageSize = 500

/** Its socket lies in the cluster’s own folder. */
export function openEtcd(folder: string): Etcd {
  const session = connect('http://localhost', {
    createConnection: () => connectSocket(join(folder, 'etcd-client:0')),
  })
  session.on('error', (error) => {
    throw error
  })
  return {
    async list(prefix) {
      const found: KeyValue[] = []
      let from = Buffer.from(prefix)
      const end = Buffer.from(prefix)
      end[end.length - 1] = (end.at(-1) ?? 0) + 1
      for (;;) {
        const ask = [bytesField(1, from), bytesField(2, end), numberField(3, pageSize)]
        const page = readMessage(await call(session, 'Range', Buffer.concat(ask)))
        const values = page.filter((it) => it.number === 2).map(keyValue)
        found.push(...values)
        const last = values.at(-1)
        if (!last || values.length < pageSize) return found
        from = Buffer.concat([last.key, Buffer.from([0])])
      }
    },
    async put(key, value) {
      await call(session, 'Put', Buffer.concat([bytesField(1, key), bytesField(2, value)]))
    },
    close: () => session.close(),
  }
}

function keyValue({ bytes }: Field): KeyValue {
  const parts = readMessage(bytes)
  const part = (number: number) => {
    const { bytes } = parts.find((it) => it.number === number) ?? {}
    // A copy: what is cut from a page would keep all of it.
    return Buffer.from(bytes ?? [])
  }
  return { key: part(1), value: part(5) }
}

/** One call that is answered by one message. */
function call(session: ClientHttp2Session, method: string, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': `/etcdserverpb.KV/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const parts: Buffer[] = []
    let status: unknown
    const read = (headers: Readonly<Record<string, unknown>>) => {
      status = headers['grpc-status'] ?? status
    }
    stream.on('response', read)
    stream.on('trailers', read)
    stream.on('data', (chunk: Buffer) => parts.push(chunk))
    stream.on('error', reject)
    stream.on('end', () => {
      if (String(status) === '0') resolve(Buffer.concat(parts).subarray(5))
      else reject(new Error(`etcd answered ${method} with the status ${String(status)}`))
    })
    const head = Buffer.alloc(5)
    head.writeUInt32BE(message.length, 1)
    stream.end(Buffer.concat([head, message]))
  })
}
