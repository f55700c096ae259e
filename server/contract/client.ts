import { AppError, ErrorBody, invalidField } from './errors.ts'
import { gatewayApi, type Gateway } from './index.ts'
import { createClient, type Operation } from './operation.ts'

/** One operation as HTTP. The host adds the gateway’s address, `/api` and who is asking. */
export interface GatewayRequest {
  /** `group.operation`, for a log or a progress line. */
  readonly name: string
  readonly method: Operation['method']
  /** Below `/api`, parameters filled in and escaped. */
  readonly path: string
  /** Without the question mark; empty where there is none. */
  readonly query: string
  /** A JSON value; absent for GET and DELETE. */
  readonly body: unknown
  /** A token is sent only where the operation needs somebody. */
  readonly needs: Operation['needs']
}

export interface GatewayAnswer {
  readonly status: number
  /** What the JSON said; anything that is not JSON arrives as text or is absent. */
  readonly body: unknown
}

/** Carries a request to the gateway; rejects when no answer came. */
export type Send = (request: GatewayRequest) => Promise<GatewayAnswer>

/** Speaks the gateway’s contract through whatever carries requests in this process. */
export function createGatewayClient(send: Send): Gateway {
  return createClient(gatewayApi, async (name, op: Operation, input) => {
    const answer = await send(toRequest(name, op, Object(input) as Record<string, unknown>)).catch(
      (cause: unknown) => {
        if (cause instanceof AppError) throw cause
        throw new AppError('unavailable', 'The gateway cannot be reached', { cause })
      },
    )
    return fromAnswer(op, answer)
  })
}

/** Path parameters first; what remains goes to the query of a GET or DELETE, else to the body. */
export function toRequest(
  name: string,
  op: Operation,
  input: Readonly<Record<string, unknown>>,
): GatewayRequest {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined))
  const path = op.path.replace(/:(\w+)/g, (_, key: string) => {
    const value = rest.get(key)
    rest.delete(key)
    return segment(key, value)
  })
  const { method, needs } = op
  if (method !== 'GET' && method !== 'DELETE')
    return { name, method, path, query: '', body: Object.fromEntries(rest), needs }
  const query = [...rest]
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
    .join('&')
  return { name, method, path, query, body: undefined, needs }
}

/** An empty or dotted segment would name another operation once a proxy has tidied the path. */
function segment(key: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw invalidField(key, 'must be given')
  const text = String(value)
  if (text === '' || text === '.' || text === '..')
    throw invalidField(key, 'cannot be part of a path')
  return encodeURIComponent(text)
}

function fromAnswer(op: Operation, { status, body }: GatewayAnswer): unknown {
  if (status >= 400)
    throw isErrorBody(body) ? AppError.from(ErrorBody.parse(body)) : stranger(status)
  if (status === 204) return undefined
  // Every answer of the contract is an object or a list; text is a portal’s or a proxy’s page.
  if (status !== 200 || typeof body !== 'object' || body === null) throw stranger(status)
  const output = op.output.safeParse(body)
  if (output.success) return output.data
  const message =
    'The gateway’s answer does not fit: it may be of another version, or not a gateway'
  throw new AppError('unavailable', message, { cause: output.error })
}

/** Codes are text with us; a number is another server’s idea of an error. */
const isErrorBody = (body: unknown) =>
  ErrorBody.safeParse(body).success && typeof (body as { code: unknown }).code === 'string'

/** What a proxy or captive portal in between has said, in our words. */
const stranger = (status: number) =>
  new AppError('unavailable', `Something other than the gateway answered (${String(status)})`)
