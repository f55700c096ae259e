import { decodeWrapped, statusMessage } from './watch-reader.ts'
import { magic } from './list-reader.ts'

export interface ClusterStatus {
  readonly code: number
  readonly message: string
  readonly reason: string
}

/** What a cluster said in an answer that is an error, as protobuf or JSON; undefined when it is neither. */
export function readStatus(body: Uint8Array): ClusterStatus | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  try {
    const isProtobuf = bytes.subarray(0, magic.length).equals(magic)
    return statusOf(isProtobuf ? decodeWrapped(bytes, statusMessage) : JSON.parse(String(bytes)))
  } catch {
    return undefined
  }
}

function statusOf(it: unknown): ClusterStatus | undefined {
  if (typeof it !== 'object' || it === null) return undefined
  const { code, message, reason } = it as Readonly<Record<string, unknown>>
  return typeof code === 'number'
    ? { code, message: textOf(message), reason: textOf(reason) }
    : undefined
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
