import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Call } from './call.ts'
import type { ProxyDeps } from './proxy-deps.ts'
import { serveRequest } from './serve-request.ts'
import { serveUpgrade } from './serve-upgrade.ts'
import { sourceOf } from './source.ts'

export { bearerOf, checkHost, checkOrigin } from './heads.ts'
export { Limits } from './limits.ts'
export { createProxyMetrics } from './metrics.ts'
export type { Refused } from './refused.ts'
export { sourceOf } from './source.ts'

/** The raw path to the clusters: everything below `/k8s/`. */
export interface Proxy {
  request(req: IncomingMessage, res: ServerResponse): void
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
}

export const isProxied = (url: string | undefined): boolean => url?.startsWith('/k8s/') ?? false

export function createProxy(deps: ProxyDeps): Proxy {
  const broke = (call: Call, end: () => void) => (error: unknown) => {
    deps.log.error({ err: error, id: call.id }, 'a cluster call failed in the gateway')
    end()
  }
  return {
    request(req, res) {
      const call = new Call(req.method ?? '', sourceOf(req.socket))
      serveRequest(deps, call, req, res).catch(broke(call, () => res.destroy()))
    },
    upgrade(req, socket, head) {
      // From the first moment on: an unheard error would end the process.
      socket.on('error', () => socket.destroy())
      const call = new Call(req.method ?? '', sourceOf(req.socket))
      serveUpgrade(deps, call, { req, socket, head }).catch(broke(call, () => socket.destroy()))
    },
  }
}
