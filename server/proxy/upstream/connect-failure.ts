import { AppError } from '../../contract/errors.ts'

/** How far a connection came. */
export type Stage = 'address' | 'dns' | 'tcp' | 'proxy' | 'tls' | 'response'

interface Reason {
  /** A whole sentence people can act on; holds no credential. */
  readonly message: string
  readonly cause?: unknown
  readonly timedOut?: boolean
}

/** A cluster that could not be reached, with the stage at which it failed. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure'
  readonly stage: Stage
  readonly timedOut: boolean

  constructor(stage: Stage, { message, cause, timedOut = false }: Reason) {
    super(message, { cause })
    this.stage = stage
    this.timedOut = timedOut
  }
}

const timeoutCodes: ReadonlySet<unknown> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
])

/** What a person is told when a call to a cluster fails in the gateway’s hands: 502, 503 or 504 with its name. */
export function upstreamError(clusterId: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  const named = `The cluster "${clusterId}"`
  if (error instanceof ConnectFailure) {
    const code = error.timedOut ? 'gateway_timeout' : 'bad_gateway'
    return new AppError(code, `${named} cannot be reached. ${error.message}`, { cause: error })
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return timeoutCodes.has(code)
    ? new AppError('gateway_timeout', `${named} took too long to answer`, { cause: error })
    : new AppError('bad_gateway', `${named} ended the connection before its answer was complete`, {
        cause: error,
      })
}
