import { z } from 'zod'

/** Every failure the product can name, with the status it has over HTTP. */
export const httpStatus = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  not_acceptable: 406,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  bad_gateway: 502,
  unavailable: 503,
  gateway_timeout: 504,
} as const

export type ErrorCode = keyof typeof httpStatus

export const ErrorBody = z.object({
  // A newer gateway may know codes we do not.
  code: z.enum(Object.keys(httpStatus) as [ErrorCode, ...ErrorCode[]]).catch('internal'),
  message: z.string(),
  /** What was wrong with each field, by its path. */
  fields: z.record(z.string(), z.string()).optional(),
  /** Seconds after which a new attempt makes sense. */
  retryAfter: z.number().int().positive().optional(),
  /** Of an apply that failed in part: what became of each document, see `DocumentResult`. */
  documents: z.array(z.record(z.string(), z.unknown())).optional(),
})
export type ErrorBody = z.infer<typeof ErrorBody>

interface Details {
  /** For the log only; never leaves the process. */
  readonly cause?: unknown
  readonly fields?: Readonly<Record<string, string>>
  readonly retryAfter?: number
  readonly documents?: ErrorBody['documents']
}

/** A failure with a name. Its message may be shown to the caller; its cause stays in the log. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly fields: Readonly<Record<string, string>> | undefined
  readonly retryAfter: number | undefined
  readonly documents: ErrorBody['documents']

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.fields = details.fields
    this.retryAfter = details.retryAfter
    this.documents = details.documents
  }

  static from(body: ErrorBody): AppError {
    const { fields, retryAfter, documents } = body
    return new AppError(body.code, body.message, {
      ...(fields && { fields }),
      ...(retryAfter && { retryAfter }),
      ...(documents && { documents }),
    })
  }
}

export const notFound = (what: string) => new AppError('not_found', `${what} was not found`)
export const forbidden = (message = 'This needs an administrator of the gateway') =>
  new AppError('forbidden', message)
export const conflict = (message: string) => new AppError('conflict', message)
export const unauthenticated = (message = 'Sign in first, with: gatehouse login') =>
  new AppError('unauthenticated', message)

/** One wrong field of an input that has the right shape. */
export const invalidField = (field: string, message: string) =>
  new AppError('invalid_input', `${field}: ${message}`, { fields: { [field]: message } })

/** An input that does not fit its schema. */
export function invalidInput(error: z.ZodError): AppError {
  const fields = Object.fromEntries(
    error.issues.map((issue) => [issue.path.join('.') || '(input)', explain(issue)]),
  )
  const [first] = Object.entries(fields)
  const message = first ? `${first[0]}: ${first[1]}` : 'The input does not fit'
  return new AppError('invalid_input', message, { fields, cause: error })
}

/** zod’s words are for programmers. */
export function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `there is no field ${issue.keys.join(', ')}`
  return issue.message.endsWith('received undefined') ? 'is missing' : issue.message
}

/** What a caller may learn of any failure. What is not named is answered in silence. */
export function toErrorBody(error: unknown): ErrorBody {
  if (!(error instanceof AppError)) return { code: 'internal', message: 'Something went wrong' }
  const { code, message, fields, retryAfter, documents } = error
  return {
    code,
    message,
    ...(fields && { fields }),
    ...(retryAfter && { retryAfter }),
    ...(documents && { documents }),
  }
}
