import type { IncomingMessage, ServerResponse } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import type { GatewayLine } from '../gateway/line.ts'
import { toErrorBody } from '#gateway/errors.ts'
import { headForClient, headForGateway, statusText, type Refusal } from './heads.ts'
import type { Lease } from './leases.ts'

/** What a local request becomes at the gateway: the place of its terminal is part of the path, not of its choice. */
export function optionsFor(
  line: GatewayLine,
  lease: Lease,
  req: IncomingMessage,
  token: string,
): Omit<RequestOptions, 'headers'> & {
  readonly headers: Readonly<Record<string, string | string[]>>
} {
  const { cluster, profile } = lease.place
  const { hostname, port } = new URL(line.address)
  return {
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port || 443,
    method: req.method,
    path: `/k8s/${cluster}@${profile}${req.url ?? '/'}`,
    headers: headForGateway(req, token),
  }
}

/** One request and its answer, both streamed: neither side is read faster than the other takes it. */
export async function exchange(
  line: GatewayLine,
  lease: Lease,
  { req, res }: { readonly req: IncomingMessage; readonly res: ServerResponse },
): Promise<void> {
  const token = await tokenOf(line)
  if (typeof token !== 'string') {
    answer(res, token)
    return
  }
  const asking = request({ ...optionsFor(line, lease, req, token), agent: line.agent })
  // A watch is silent for as long as nothing changes.
  asking.setTimeout(0)
  const release = lease.hold(() => {
    asking.destroy()
    res.destroy()
  })
  res.once('close', () => {
    release()
    asking.destroy()
  })
  asking.once('response', (response) => {
    res.writeHead(response.statusCode ?? 502, headForClient(response.rawHeaders))
    res.flushHeaders()
    response.pipe(res)
    // Cut off in the middle at the gateway is cut off in the middle here, never an answer that looks whole.
    response.once('error', () => res.destroy())
    response.once('aborted', () => res.destroy())
  })
  asking.once('error', (error) => answer(res, unreachable(error)))
  req.pipe(asking)
  req.once('error', () => asking.destroy())
}

/** A fresh token, or why there is none. */
export async function tokenOf(line: GatewayLine): Promise<string | Refusal> {
  try {
    return await line.token()
  } catch (error) {
    const { code, message } = toErrorBody(error)
    return code === 'unauthenticated'
      ? { code: 401, message: 'You are signed out of the gateway. Sign in again in the app' }
      : { code: 503, message }
  }
}

export const unreachable = (error: Error): Refusal => ({
  code: 502,
  message: `the gateway cannot be reached: ${toErrorBody(error).code === 'internal' ? error.message : toErrorBody(error).message}`,
})

export function answer(res: ServerResponse, refusal: Refusal): void {
  if (res.headersSent || res.destroyed) {
    res.destroy()
    return
  }
  const body = statusText(refusal)
  // What is still being sent of a refused request is not read to its end.
  res.writeHead(refusal.code, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  res.end(body)
}
