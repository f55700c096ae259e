import type { Dispatcher } from 'undici'
import type { Access } from '../access/index.ts'
import { AppError } from '../contract/errors.ts'
import {
  statusMessage,
  upstreamError,
  type Spent,
  type Upstreams,
} from '../proxy/upstream/index.ts'
import { clusterRefusal } from './ask-cluster.ts'
import { Silence } from './silence.ts'

interface Options {
  readonly upstreams: Upstreams
  readonly access: Access
  /** Below the cluster’s base path, with its query. */
  readonly path: string
  readonly auditId: string
  readonly signal: AbortSignal
}

interface Ears {
  /** The cluster has agreed; nothing was read yet. */
  started(): void
  data(chunk: Buffer): void
}

/** What lets a reader make the cluster wait. */
export interface Tap {
  /** Asked whenever something was read. */
  readonly isHeld: boolean
  /** Who is told when it is opened again; given anew with each reading, undefined at its end. */
  onRelease: (() => void) | undefined
}

/** Bytes of a refusal that are read. */
const longestRefusal = 64 * 1024

/**
 * Reads an answer that may last as long as it likes, to its end. Resolves when the cluster ended it.
 * @throws AppError with the cluster’s words, or why the connection broke
 */
export async function readLong(options: Options, tap: Tap, ears: Ears): Promise<void> {
  const { upstreams, access } = options
  try {
    const spent = await upstreams.spend(access)
    const refusal = await read(options, spent, tap, ears)
    if (refusal?.status !== 401) return judge(access, refusal)
    const fresh = await upstreams.renew(access, spent)
    judge(access, fresh ? await read(options, fresh, tap, ears) : refusal)
  } catch (error) {
    throw upstreamError(access.clusterId, error)
  }
}

interface Refusal {
  readonly status: number
  readonly body: Buffer
}

function judge(access: Access, refusal: Refusal | undefined): void {
  if (!refusal) return
  const answer = { status: refusal.status, body: parsed(refusal.body), milliseconds: 0 }
  throw clusterRefusal(access, refusal.status, statusMessage(answer))
}

function read(
  { access, path, auditId, signal }: Options,
  spent: Spent,
  tap: Tap,
  ears: Ears,
): Promise<Refusal | undefined> {
  const { target, authorization } = spent
  const headers = ['Host', target.host, 'Authorization', authorization, 'Audit-Id', auditId]
  headers.push('User-Agent', 'gatehouse', 'Accept', '*/*')
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    const refusal: Buffer[] = []
    const settle = (error?: Error) => {
      silence.stop()
      tap.onRelease = undefined
      signal.removeEventListener('abort', abort)
      if (error) reject(error)
      else resolve(status < 300 ? undefined : { status, body: Buffer.concat(refusal) })
    }
    const giveUp = (error: AppError) => {
      settle(error)
      controller?.abort(error)
    }
    const abort = () => giveUp(new AppError('unavailable', 'It was given up'))
    const silence = new Silence(
      target,
      () => tap.isHeld,
      () => giveUp(silent(access)),
    )
    signal.addEventListener('abort', abort, { once: true })
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started
        if (signal.aborted) started.abort(new Error('given up'))
      },
      onResponseStart(started, code) {
        if (code < 200) return
        status = code
        silence.heard()
        if (code >= 300) return
        ears.started()
        if (tap.isHeld) started.pause()
        tap.onRelease = () => started.resume()
      },
      onResponseData(started, chunk) {
        if (status >= 300) {
          if (refusal.length * 1024 < longestRefusal) refusal.push(chunk)
          return
        }
        silence.heard()
        ears.data(chunk)
        if (tap.isHeld) started.pause()
      },
      onResponseEnd: () => settle(),
      onResponseError: (_controller, error) => settle(error),
    }
    target.dispatch(
      { method: 'GET', path: target.basePath + path, headers, body: null, long: true },
      handler,
    )
  })
}

const silent = ({ clusterId }: Access) =>
  new AppError('gateway_timeout', `The cluster "${clusterId}" does not answer any more`)

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
