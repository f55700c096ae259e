import type { OutgoingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'

export interface ApiInit {
  readonly method?: string
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown
  readonly headers?: OutgoingHttpHeaders
  readonly token?: string
}

export interface ApiAnswer {
  readonly status: number
  readonly text: string
  /** The parsed body; undefined when it is not JSON. */
  readonly body: unknown
}

export interface AdminApi {
  call(path: string, init?: ApiInit): Promise<ApiAnswer>
  /** As `call`, but a status of 400 and above is thrown. */
  want<T>(path: string, init?: ApiInit): Promise<T>
  close(): void
}

export interface Endpoint {
  readonly address: string
  readonly caPem: string
  readonly adminToken: string
}

/** Plain HTTPS calls to the API server as its admin, independent of everything that is under test. */
export function createAdminApi({ address, caPem, adminToken }: Endpoint): AdminApi {
  const agent = new Agent({ keepAlive: true, ca: caPem, maxSockets: 64 })

  function call(path: string, init: ApiInit = {}): Promise<ApiAnswer> {
    const { method = 'GET', body, headers, token = adminToken } = init
    const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, address), {
        agent,
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(sent !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        timeout: 30_000,
      })
      call.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, text, body: parsed(text) })
        })
      })
      call.on('timeout', () => call.destroy(new Error(`${method} ${path} was not answered`)))
      call.on('error', reject)
      call.end(sent)
    })
  }

  async function want<T>(path: string, init: ApiInit = {}): Promise<T> {
    const answer = await call(path, init)
    if (answer.status >= 400)
      throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${answer.text}`)
    return answer.body as T
  }

  return { call, want, close: () => agent.destroy() }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
