import { createHash, randomBytes } from 'node:crypto'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Access } from '../access/index.ts'
import { AppError } from '../contract/errors.ts'
import {
  statusMessage,
  upstreamError,
  type Spent,
  type Upstreams,
} from '../proxy/upstream/index.ts'
import { clusterRefusal } from './ask-cluster.ts'

/** Newest first; the cluster takes the first it knows. Only the fifth can end its input alone. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const
export type ChannelProtocol = (typeof protocols)[number]

/** A WebSocket that a cluster has opened, not framed yet. */
export interface Dialled {
  readonly socket: Duplex
  readonly head: Buffer
  readonly protocol: ChannelProtocol
}

interface Options {
  readonly upstreams: Upstreams
  readonly access: Access
  /** Below the cluster’s base path, with its query. */
  readonly path: string
  readonly auditId: string
  /** Gives up, whatever step it is at. */
  readonly signal: AbortSignal
}

/** Milliseconds the cluster has for its 101. */
const longestHandshake = 15_000
/** Bytes of a refusal that are read. */
const longestRefusal = 64 * 1024
const webSocketGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

type Answer = Dialled | { readonly status: number; readonly body: Buffer }

/** Opens a channel into a pod. @throws AppError with the cluster’s words, or why it cannot be reached */
export async function dial(options: Options): Promise<Dialled> {
  const { upstreams, access } = options
  try {
    const spent = await upstreams.spend(access)
    const answer = await ask(options, spent)
    if ('socket' in answer) return answer
    if (answer.status !== 401) throw refusalOf(access, answer)
    const fresh = await upstreams.renew(access, spent)
    const again = fresh ? await ask(options, fresh) : answer
    if ('socket' in again) return again
    throw refusalOf(access, again)
  } catch (error) {
    throw upstreamError(access.clusterId, error)
  }
}

function ask({ access, path, auditId, signal }: Options, spent: Spent): Promise<Answer> {
  const key = randomBytes(16).toString('base64')
  const request = spent.target.upgrade({
    method: 'GET',
    path: spent.target.basePath + path,
    headers: headersFor(spent, key, auditId),
  })
  const timely = AbortSignal.timeout(longestHandshake)
  return new Promise<Answer>((resolve, reject) => {
    const stop = () => {
      request.destroy()
      reject(
        timely.aborted
          ? new AppError(
              'gateway_timeout',
              `The cluster "${access.clusterId}" took too long to open the terminal`,
            )
          : new AppError('unavailable', 'It was given up'),
      )
    }
    const either = AbortSignal.any([signal, timely])
    if (either.aborted) stop()
    either.addEventListener('abort', stop, { once: true })
    const settle = (give: () => void) => {
      either.removeEventListener('abort', stop)
      give()
    }
    listen(request, {
      upgraded: (response, socket, head) =>
        settle(() => {
          const agreed = agreedOn(response, key)
          if (agreed && !either.aborted) resolve({ socket, head, protocol: agreed })
          else {
            socket.destroy()
            reject(
              new AppError(
                'bad_gateway',
                `The cluster "${access.clusterId}" opened another protocol than was asked for`,
              ),
            )
          }
        }),
      answered: (status, body) => settle(() => resolve({ status, body })),
      failed: (error) => settle(() => reject(error)),
    })
    request.end()
  })
}

interface Ears {
  upgraded(response: IncomingMessage, socket: Duplex, head: Buffer): void
  answered(status: number, body: Buffer): void
  failed(error: Error): void
}

function listen(request: ClientRequest, ears: Ears): void {
  request.on('upgrade', (response, socket, head) => {
    // Heard until whoever takes it over listens: an unheard error would end the process.
    socket.on('error', () => undefined)
    ears.upgraded(response, socket, head)
  })
  request.on('response', (response) => {
    const chunks: Buffer[] = []
    let length = 0
    const done = () => {
      ears.answered(response.statusCode ?? 0, Buffer.concat(chunks))
      request.destroy()
    }
    response.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= longestRefusal) chunks.push(chunk)
      else request.destroy()
    })
    response.on('end', done).on('close', done).on('error', done)
  })
  request.on('error', (error) => ears.failed(error))
}

const headersFor = ({ target, authorization }: Spent, key: string, auditId: string) =>
  Object.entries({
    Host: target.host,
    Authorization: authorization,
    'Audit-Id': auditId,
    'User-Agent': 'gatehouse',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': key,
    'Sec-WebSocket-Protocol': protocols.join(', '),
  }).flat()

/** The protocol of a 101, where it is the agreement that was asked for. */
function agreedOn({ headers }: IncomingMessage, key: string): ChannelProtocol | undefined {
  const accept = createHash('sha1').update(`${key}${webSocketGuid}`).digest('base64')
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined
  if (headers['sec-websocket-accept'] !== accept) return undefined
  if (headers['sec-websocket-extensions'] !== undefined) return undefined
  return protocols.find((it) => it === headers['sec-websocket-protocol'])
}

function refusalOf(access: Access, { status, body }: { status: number; body: Buffer }): AppError {
  if (status < 400)
    return new AppError(
      'bad_gateway',
      `The cluster "${access.clusterId}" did not open the terminal as asked`,
    )
  const answer = { status, body: parsed(body), milliseconds: 0 }
  return clusterRefusal(access, status, statusMessage(answer))
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
