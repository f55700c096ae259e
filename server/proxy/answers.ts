import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Audit } from '../audit/index.ts'
import { AppError } from '../contract/errors.ts'
import { auditFails } from './admit.ts'
import type { Call } from './call.ts'
import type { Ending } from './forward.ts'
import type { ProxyMetrics } from './metrics.ts'
import { failureResponse, forDiscovery, isDiscovery, type Failure } from './status.ts'
import { responseHead } from './tunnel.ts'
import { upstreamError } from './upstream/index.ts'

interface Books {
  readonly audit: Audit
  readonly metrics: ProxyMetrics
}

/** Records how a call that went to the cluster ended. */
export async function record(
  books: Books,
  call: Call,
  ending: Exclude<Ending, { status: 'failed' }>,
): Promise<void> {
  const reason = ending.status === 'cut' ? { reason: ending.reason } : {}
  const attempt = call.attempt('allowed', { status: ending.code, ...reason })
  books.metrics.observe(attempt)
  if (call.isRead) books.audit.read(attempt)
  else await books.audit.outcome(attempt)
}

/** `refused` by us before anything went upstream, or `failed` on the way there or back. */
export interface Refusal {
  readonly result: 'refused' | 'failed'
  readonly failure: Failure
}

export const refused = (failure: Failure): Refusal => ({ result: 'refused', failure })
export const failed = (failure: Failure): Refusal => ({ result: 'failed', failure })

/** Any error on the way to or from the cluster, as an answer. */
export function failedBy(call: Call, error: unknown): Refusal {
  const known = error instanceof AppError ? error : upstreamError(call.target?.cluster ?? '', error)
  const { code, message, retryAfter } = known
  return failed({ code, message, retryAfter })
}

/** A refusal is committed before it is answered; one that cannot be is answered as the reason for that. */
async function recordRefusal({ audit, metrics }: Books, call: Call, { result, failure }: Refusal) {
  const { status } = failureResponse(failure, call.id)
  const attempt = call.attempt(result, { status, reason: failure.message })
  metrics.observe(attempt)
  if (failure === auditFails) return failure
  try {
    if (result === 'failed') await audit.outcome(attempt)
    else await audit.event(attempt)
    return failure
  } catch {
    return auditFails
  }
}

/** Answers a request that goes no further. */
export async function refuse(
  books: Books,
  call: Call,
  res: ServerResponse,
  refusal: Refusal,
): Promise<void> {
  const discovers = isDiscovery(res.req.headers.accept)
  const answer = await recordRefusal(
    books,
    call,
    discovers && refusal.result === 'failed' ? failed(forDiscovery(refusal.failure)) : refusal,
  )
  if (res.headersSent || res.destroyed) {
    res.destroy()
    return
  }
  const { status, head, body } = failureResponse(answer, call.id, discovers)
  res.sendDate = false
  // Whatever the client still sends of its body is not read.
  if (!res.req.complete) head.push('Connection', 'close')
  res.writeHead(status, head).end(body)
}

/** The same on the bare socket of an upgrade, which ends with it. */
export async function refuseSocket(
  books: Books,
  call: Call,
  socket: Duplex,
  refusal: Refusal,
): Promise<void> {
  const answer = await recordRefusal(books, call, refusal)
  if (socket.destroyed) return
  const { status, head, body } = failureResponse(answer, call.id)
  socket.write(responseHead(`${status} ${answer.code}`, [...head, 'Connection', 'close']))
  socket.end(body, () => socket.destroy())
}
