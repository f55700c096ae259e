import { httpStatus, type ErrorCode } from '../contract/errors.ts'

/** How Kubernetes names each of our failures; clients branch on it. */
const reasons: Readonly<Record<ErrorCode, string>> = {
  invalid_input: 'BadRequest',
  unauthenticated: 'Unauthorized',
  forbidden: 'Forbidden',
  not_found: 'NotFound',
  not_acceptable: 'NotAcceptable',
  conflict: 'Conflict',
  too_large: 'RequestEntityTooLarge',
  rate_limited: 'TooManyRequests',
  internal: 'InternalError',
  bad_gateway: 'BadGateway',
  unavailable: 'ServiceUnavailable',
  gateway_timeout: 'Timeout',
}

/** A failure as kubectl expects it from an API server: its code, and a `Status` that says what to do. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  /** Seconds; clients only retry when they are told when. */
  readonly retryAfter?: number | undefined
  /** The objects the failure is about, as `Status.details`. */
  readonly details?: Readonly<Record<string, unknown>>
}

function statusObject({ code, message, retryAfter, details }: Failure): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: reasons[code],
    ...((details ?? retryAfter) && {
      details: { ...details, ...(retryAfter && { retryAfterSeconds: retryAfter }) },
    }),
    code: httpStatus[code],
  }
}

/**
 * Whether client-go discovers the API: it then reads no `Status` and shows, of a 403 or 502 only, the words of
 * an answer that is text. Everything else becomes "unknown", and people would not learn what is wrong.
 */
export const isDiscovery = (accept: string | undefined): boolean =>
  accept?.includes('g=apidiscovery.k8s.io') ?? false

/** A failure of the cluster, under the one code whose words discovery shows. */
export const forDiscovery = (failure: Failure): Failure => ({ ...failure, code: 'bad_gateway' })

/** The head of what the gateway itself answers in a cluster’s place: no browser keeps, guesses or runs it. */
export const ownHead = (type: string, body: Uint8Array, auditId: string): string[] => [
  'Content-Type',
  type,
  'Content-Length',
  String(body.length),
  'Audit-Id',
  auditId,
  'Cache-Control',
  'no-store',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  'sandbox',
]

/** The head and body of a failure, ready for a response or a bare socket. */
export function failureResponse(failure: Failure, auditId: string, asText = false) {
  const body = Buffer.from(asText ? failure.message : JSON.stringify(statusObject(failure)))
  const head = ownHead(asText ? 'text/plain; charset=utf-8' : 'application/json', body, auditId)
  if (failure.code === 'unauthenticated') head.push('WWW-Authenticate', 'Bearer realm="gatehouse"')
  if (failure.retryAfter) head.push('Retry-After', String(failure.retryAfter))
  return { status: httpStatus[failure.code], head, body }
}
