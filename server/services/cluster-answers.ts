import { AppError, type ErrorCode } from '../contract/errors.ts'
import type { KubernetesObject, Place } from '../contract/place.ts'
import { field, statusMessage, type CallAnswer } from '../proxy/upstream/index.ts'

/** What the refusals of a cluster are called here; signing in again would not mend its 401. */
const codes: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [400, 'invalid_input'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [405, 'invalid_input'],
  [406, 'not_acceptable'],
  [409, 'conflict'],
  [410, 'conflict'],
  [413, 'too_large'],
  [415, 'invalid_input'],
  [422, 'invalid_input'],
  [429, 'rate_limited'],
  [504, 'gateway_timeout'],
])

interface Asked {
  readonly group?: string
  readonly resource?: string
  readonly namespace?: string | undefined
}

/** A refusal by the cluster in our codes and its own words, which name the right that is missing. */
export function refusalOf({ cluster, profile }: Place, asked: Asked, answer: CallAnswer): AppError {
  const said = statusMessage(answer)
  const code = untyped.test(said) ? 'invalid_input' : (codes.get(answer.status) ?? 'bad_gateway')
  const fields = fieldsOf(answer)
  const retryAfter = retryAfterOf(answer)
  return new AppError(code, `${prefixes[code]?.(cluster, profile) ?? ''}${said}`, {
    ...(fields && { fields }),
    ...(code === 'rate_limited' && { retryAfter }),
    cause: { status: answer.status, asked },
  })
}

/** kube-apiserver answers 500 to a document with a field that its kind does not have. */
const untyped = /^failed to create typed patch object/

/** What the cluster cannot know: that its user is a profile of ours, and what it is called here. */
const prefixes: Partial<Record<ErrorCode, (cluster: string, profile: string) => string>> = {
  forbidden: (cluster, profile) =>
    `The profile "${profile}" has not this right in the cluster "${cluster}": `,
  rate_limited: (cluster) => `The cluster "${cluster}" asks to wait: `,
  bad_gateway: (cluster) => `The cluster "${cluster}" could not do this: `,
}

/** Seconds, as a Status of 429 says them. */
export function retryAfterOf({ body }: Pick<CallAnswer, 'body'>): number {
  const seconds = field(field(body, 'details'), 'retryAfterSeconds')
  return typeof seconds === 'number' && seconds >= 1 ? Math.min(Math.ceil(seconds), 3600) : 1
}

const mostFields = 50
const longestField = 500

function fieldsOf({ status, body }: CallAnswer): Record<string, string> | undefined {
  if (status !== 422 && status !== 400) return undefined
  const causes = field(field(body, 'details'), 'causes')
  if (!Array.isArray(causes)) return undefined
  const named = causes.slice(0, mostFields).flatMap((it: unknown) => {
    const [path, message] = [field(it, 'field'), field(it, 'message')]
    return typeof path === 'string' && typeof message === 'string'
      ? [[path.slice(0, longestField), message.slice(0, longestField)]]
      : []
  })
  return named.length > 0 ? (Object.fromEntries(named) as Record<string, string>) : undefined
}

/** The cluster refuses the gateway’s own credential. Not as a 401: signing in again would not help. */
export const refusedCredential = (cluster: string, profile: string): AppError =>
  new AppError(
    'bad_gateway',
    `The cluster "${cluster}" refuses the credential of profile "${profile}". An administrator of the gateway must renew it.`,
  )

export const unreadable = (cluster: string): AppError =>
  new AppError('bad_gateway', `The cluster "${cluster}" gave an answer that cannot be read`)

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: unknown }
}

/** What an answer must hold to be used. @throws AppError bad_gateway */
export function readAs<T>(schema: Schema<T>, body: KubernetesObject, { cluster }: Place): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new AppError('bad_gateway', `The cluster "${cluster}" gave an answer that cannot be read`, {
    cause: result.error,
  })
}
