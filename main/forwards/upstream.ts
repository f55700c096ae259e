import { WebSocket } from 'ws'
import { AppError, toErrorBody } from '#gateway/errors.ts'
import type { Place } from '#gateway/place.ts'
import type { GatewayLine } from '../gateway/line.ts'
import { readRefusal } from './refusal.ts'

/** Where a forward leads. */
export interface Destination extends Place {
  readonly namespace: string
  readonly pod: string
  readonly port: number
}

/** One connection into a pod. */
export interface Upstream {
  /** Bytes for the pod; false while it takes no more. */
  write(bytes: Uint8Array): boolean
  pause(): void
  resume(): void
  close(): void
}

interface UpstreamEars {
  bytes(bytes: Buffer): void
  /** It takes more again. */
  drained(): void
  /** The pod's side has ended; the reason is there when it did not end by itself. */
  ended(reason: string | undefined): void
}

/** Bytes that wait for the gateway before the local side has to. */
const fullAt = 1024 * 1024
const handshake = 20_000

const channel = { data: 0, error: 1 } as const

/** Opens a WebSocket for one connection; resolves when the cluster has agreed to it. */
export async function openUpstream(
  line: GatewayLine,
  to: Destination,
  ears: UpstreamEars,
): Promise<Upstream> {
  const token = await line.token()
  const path = `/k8s/${to.cluster}@${to.profile}/api/v1/namespaces/${to.namespace}/pods/${to.pod}`
  const address = `${line.address.replace(/^https/, 'wss')}${path}/portforward?ports=${to.port}`
  const socket = new WebSocket(address, ['v4.channel.k8s.io'], {
    agent: line.agent,
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
    handshakeTimeout: handshake,
    followRedirects: false,
  })
  await opened(socket)
  return carry(socket, {
    ...ears,
    ended: (reason) => ears.ended(reason === undefined ? undefined : inWords(reason, to)),
  })
}

/** What a node says of a closed port is long and about its own inside. */
const inWords = (reason: string, { port }: Destination) =>
  reason.includes('connection refused') ? `Nothing in the pod listens on port ${port}` : reason

const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('unexpected-response', (asking, response) => {
      readRefusal(response)
        .then(reject, reject)
        .finally(() => asking.destroy())
    })
    socket.on('error', (error) => reject(asAppError(error)))
  })

const asAppError = (error: Error) =>
  error instanceof AppError
    ? error
    : new AppError('bad_gateway', `The gateway cannot be reached (${error.message})`)

/** Each channel's first message is the port in two bytes; what follows on it is its content. */
function carry(socket: WebSocket, ears: UpstreamEars): Upstream {
  const begun = new Set<number>()
  let reason: string | undefined
  let isFull = false
  socket.on('message', (message: Buffer) => {
    const [id] = message
    if (id === undefined) return
    if (!begun.has(id)) {
      begun.add(id)
      return
    }
    const content = message.subarray(1)
    if (id === channel.data) ears.bytes(content)
    else if (id === channel.error) {
      reason = `${reason ?? ''}${content.toString()}`.slice(0, 500)
      socket.close()
    }
  })
  socket.on('error', (error) => (reason ??= error.message))
  socket.once('close', (code, text) => {
    // 1000 and 1001 are the ends of a day's work; 1006 is a connection that broke.
    if (code !== 1000 && code !== 1001 && code !== 1005)
      reason ??= text.toString() || 'The connection broke'
    ears.ended(reason)
  })
  return {
    write(bytes) {
      socket.send(Buffer.concat([Buffer.of(channel.data), bytes]), () => {
        if (!isFull || socket.bufferedAmount > fullAt / 2) return
        isFull = false
        ears.drained()
      })
      isFull ||= socket.bufferedAmount > fullAt
      return !isFull
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.terminate(),
  }
}

export const reasonOf = (error: unknown): string => toErrorBody(error).message
