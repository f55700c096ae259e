import { request, type Agent } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { GatewayAnswer, GatewayRequest } from '#gateway/client.ts'
import { AppError } from '#gateway/errors.ts'

/** Where requests go: an address and sockets that lead to its trusted key. */
export interface Way {
  readonly address: string
  readonly agent: Agent
}

const patience = 60_000
const largest = 64 * 1024 * 1024

/** Carries one contract request and reads the whole answer. Redirects are not followed. */
export async function exchange(
  way: Way,
  wanted: GatewayRequest,
  token?: string,
): Promise<GatewayAnswer> {
  try {
    return await once(way, wanted, token)
  } catch (error) {
    // The gateway may hang up an idle connection just as it is used again; reading twice does no harm.
    if (wanted.method === 'GET' && error instanceof Stale) return once(way, wanted, token)
    throw error
  }
}

/** A connection that was kept has ended before it carried an answer. */
class Stale extends AppError {}

async function once(way: Way, wanted: GatewayRequest, token?: string): Promise<GatewayAnswer> {
  const response = await send(way, wanted, token)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > largest) throw new AppError('too_large', 'The gateway’s answer is too large')
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('unavailable', `${way.address} broke off its answer`, { cause })
  }
  const said = Buffer.concat(chunks).toString()
  const json = response.headers['content-type']?.startsWith('application/json') === true
  return { status: response.statusCode ?? 0, body: json ? parseOrText(said) : said }
}

function send(way: Way, wanted: GatewayRequest, token?: string): Promise<IncomingMessage> {
  const { method, path, query } = wanted
  const body = wanted.body === undefined ? undefined : JSON.stringify(wanted.body)
  const url = `${way.address}/api${path}${query && `?${query}`}`
  const headers = {
    accept: 'application/json',
    'user-agent': 'gatehouse-desktop',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: way.agent, timeout: patience }, resolve)
    sent.on('timeout', () => {
      sent.destroy(new AppError('gateway_timeout', `${way.address} does not answer`))
    })
    sent.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause instanceof AppError) {
        reject(cause)
        return
      }
      const kind = sent.reusedSocket ? Stale : AppError
      const why = cause.code ?? cause.message
      reject(new kind('unavailable', `${way.address} cannot be reached (${why})`, { cause }))
    })
    sent.end(body)
  })
}

function parseOrText(said: string): unknown {
  try {
    return JSON.parse(said)
  } catch {
    return said
  }
}
