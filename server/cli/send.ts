import { request, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { getCACertificates, type SecureContextOptions } from 'node:tls'
import type { GatewayAnswer, GatewayRequest, Send } from '../contract/client.ts'
import { AppError } from '../contract/errors.ts'
import { certificateTrouble } from './certificate.ts'

/** Where requests go and who may vouch for it. */
export interface Peer {
  readonly address: string
  readonly caPem?: string
}

const timeout = 30_000
const largest = 64 * 1024 * 1024

/** Carries contract requests to one gateway; `token` is asked for where an operation needs somebody. */
export function createSend(peer: Peer, token?: () => Promise<string>): Send {
  return async (wanted) => {
    const authorization = wanted.needs !== 'nobody' && token ? `Bearer ${await token()}` : undefined
    return answerOf(
      await open(peer, { ...outgoing(wanted), ...(authorization && { authorization }) }),
    )
  }
}

/** Asks without believing the answer: only to learn which authority a new gateway claims. */
export function createDoubtingSend(address: string): Send {
  return async (wanted) =>
    answerOf(await exchange({ address }, outgoing(wanted), { rejectUnauthorized: false }))
}

interface Outgoing {
  readonly method: string
  readonly path: string
  readonly authorization?: string
  readonly body?: string
}

/** Sends one request and gives the answer as soon as its head is there. Redirects are not followed. */
export const open = (peer: Peer, wanted: Outgoing) =>
  exchange(peer, wanted, { ca: peer.caPem ?? systemAuthorities() })

const outgoing = ({ method, path, query, body }: GatewayRequest): Outgoing => ({
  method,
  path: `/api${path}${query && `?${query}`}`,
  ...(body !== undefined && { body: JSON.stringify(body) }),
})

function exchange(
  peer: Peer,
  { method, path, authorization, body }: Outgoing,
  tls: SecureContextOptions & { readonly rejectUnauthorized?: boolean },
) {
  const { hostname, port } = new URL(peer.address)
  const options: RequestOptions = {
    ...tls,
    // An address in brackets is a URL's way of writing IPv6.
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port || 443,
    method,
    path,
    agent: false,
    timeout,
    headers: {
      accept: 'application/json',
      'user-agent': 'gatehouse-cli',
      ...(authorization && { authorization }),
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    },
  }
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(options, resolve)
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.on('error', (cause) => {
      reject(unreachable(peer, cause))
    })
    sent.end(body)
  })
}

function unreachable(peer: Peer, cause: NodeJS.ErrnoException): AppError {
  const trouble = certificateTrouble(peer, cause)
  if (trouble) return new AppError('unavailable', trouble, { cause })
  const why = cause.code ?? cause.message
  return new AppError('unavailable', `${peer.address} cannot be reached (${why})`, { cause })
}

/** The whole answer: parsed where it says that it is JSON, else as text. */
export async function answerOf(response: IncomingMessage): Promise<GatewayAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largest) throw new AppError('too_large', 'The answer is too large')
    chunks.push(chunk)
  }
  const said = Buffer.concat(chunks).toString()
  const json = response.headers['content-type']?.startsWith('application/json')
  return { status: response.statusCode ?? 0, body: json ? parseOrText(said) : said }
}

function parseOrText(said: string): unknown {
  try {
    return JSON.parse(said)
  } catch {
    return said
  }
}

/** Node's own list, what NODE_EXTRA_CA_CERTS adds, and what this machine trusts. */
const systemAuthorities = () => [...getCACertificates('default'), ...getCACertificates('system')]
