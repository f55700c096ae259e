import { request as requestPlain, type IncomingHttpHeaders } from 'node:http'
import { request as requestTls } from 'node:https'
import { text } from 'node:stream/consumers'

/** One answer at the public door, with its whole head. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  json(): Record<string, unknown>
}

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** An object travels as JSON, text as it is. */
  readonly body?: object | string
}

export interface Door {
  /** With http:// it is the loopback listener. */
  readonly address: string
  readonly caPem: string
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** The one cookie of an answer, as its name=value and its attributes in lower case, in order. */
export function cookieOf({ headers }: Answer) {
  const [cookie = '', ...others] = headers['set-cookie'] ?? []
  const [pair = '', ...attributes] = cookie.split(/; */)
  const [name = '', token = ''] = pair.split('=', 2)
  return {
    pair,
    name,
    token,
    others,
    attributes: attributes.map((it) => it.toLowerCase()).toSorted(),
  }
}

/** Asks as any program could: no client of ours stands between. */
export function ask(door: Door, path: string, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', body } = asked
  const isObject = typeof body === 'object'
  const sent = isObject ? JSON.stringify(body) : body
  const headers = {
    ...(isObject && { 'content-type': 'application/json' }),
    ...(sent !== undefined && { 'content-length': String(Buffer.byteLength(sent)) }),
    ...asked.headers,
  }
  const { protocol, hostname, port } = new URL(door.address)
  // Without a name of its own the TLS client would take the Host header’s.
  const options = { hostname, port, path, method, headers, agent: false, servername: '' }
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request =
    protocol === 'http:' ? requestPlain(options) : requestTls({ ...options, ca: door.caPem })
  request.on('error', reject).on('response', (response) => {
    text(response).then((said) => {
      const { statusCode: status = 0, headers } = response
      const json = () => JSON.parse(said) as Record<string, unknown>
      resolve({ status, headers, text: said, json })
    }, reject)
  })
  request.end(sent)
  return promise
}
