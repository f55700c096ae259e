import type { Access } from '../access/index.ts'
import { AppError, type ErrorCode } from '../contract/errors.ts'
import {
  callJson,
  statusMessage,
  upstreamError,
  type Spent,
  type Upstreams,
} from '../proxy/upstream/index.ts'

/** A question of a room to a cluster, in a person’s name. */
export interface Question {
  readonly method: 'GET' | 'PATCH'
  /** Below the cluster’s base path. */
  readonly path: string
  readonly body?: unknown
  readonly contentType?: string
  readonly auditId: string
}

/** The answer’s JSON. @throws AppError with the cluster’s words, or why it cannot be reached */
export async function askCluster(
  upstreams: Upstreams,
  access: Access,
  question: Question,
): Promise<unknown> {
  try {
    const spent = await upstreams.spend(access)
    const answer = await send(spent, question)
    if (answer.status !== 401) return judge(access, answer)
    const fresh = await upstreams.renew(access, spent)
    return judge(access, fresh ? await send(fresh, question) : answer)
  } catch (error) {
    throw upstreamError(access.clusterId, error)
  }
}

const send = ({ target, authorization }: Spent, { auditId, ...call }: Question) =>
  callJson(target, { ...call, headers: ['Authorization', authorization, 'Audit-Id', auditId] })

function judge(access: Access, answer: Awaited<ReturnType<typeof send>>): unknown {
  if (answer.status < 300) return answer.body
  throw clusterRefusal(access, answer.status, statusMessage(answer))
}

const codes: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [400, 'invalid_input'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [406, 'not_acceptable'],
  [409, 'conflict'],
  [413, 'too_large'],
  [422, 'invalid_input'],
  [429, 'rate_limited'],
  [503, 'unavailable'],
  [504, 'gateway_timeout'],
])

/** What a cluster’s refusal means here. A 401 is never the person’s: signing in again would not help. */
export function clusterRefusal(access: Access, status: number, message: string): AppError {
  const cluster = `The cluster "${access.clusterId}"`
  if (status === 401)
    return new AppError(
      'bad_gateway',
      `${cluster} refuses the credential of profile "${access.credential.profileName}". An administrator of the gateway must renew it.`,
    )
  return new AppError(codes.get(status) ?? 'bad_gateway', `${cluster} says: ${message}`)
}
