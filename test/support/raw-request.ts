import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { TestPerson, World } from './world.ts'

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Exactly what travelled: nothing is unpacked. */
  readonly body: Buffer
}

interface Place {
  readonly address: string
  readonly caPem: string
  readonly token: string
}

export interface RawInit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** One HTTP exchange without a client library’s opinions. The path is sent as it is written. */
export async function rawRequest(
  { address, caPem, token }: Place,
  path: string,
  { method = 'GET', headers, body }: RawInit = {},
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
  const { hostname, port } = new URL(address)
  const sent = { authorization: `Bearer ${token}`, ...headers }
  request({ hostname, port, path, method, ca: caPem, agent: false, headers: sent }, (response) => {
    buffer(response).then(
      (bytes) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }),
      reject,
    )
  })
    .on('error', reject)
    .end(body)
  return promise
}

/** The same exchange with the cluster itself, as its admin, and with the gateway, as a person. */
export function bothWays(world: World, person: TestPerson, profile: string) {
  const { address, caPem, adminToken } = world.cluster.handle
  const gateway = world.gateway
  const prefix = `/k8s/${world.id}@${profile}`
  return {
    direct: (path: string, init?: RawInit) =>
      rawRequest({ address, caPem, token: adminToken }, path, init),
    through: (path: string, init?: RawInit) =>
      rawRequest(
        { address: gateway.address, caPem: gateway.caPem, token: person.token },
        prefix + path,
        init,
      ),
  }
}
