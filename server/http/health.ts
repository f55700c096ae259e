import type { RequestListener } from 'node:http'
import type { Registry } from 'prom-client'
import type { Deps } from '../deps.ts'

/** What orchestrators and Prometheus ask. */
export interface Health {
  /** Alive: the process answers. */
  readonly live: () => boolean
  /** Ready: new work would be done. */
  readonly ready: () => Promise<{ readonly ready: boolean; readonly reason?: string }>
}

export function createHealth(
  { db, audit }: Pick<Deps, 'db' | 'audit'>,
  isDraining: () => boolean,
): Health {
  return {
    live: () => true,
    async ready() {
      if (isDraining()) return { ready: false, reason: 'draining' }
      if (audit.state.status === 'failing')
        return { ready: false, reason: 'the audit log cannot be written' }
      const reached = await db.sequelize.query('SELECT 1').then(
        () => true,
        () => false,
      )
      return reached ? { ready: true } : { ready: false, reason: 'the database cannot be reached' }
    },
  }
}

/** Answers /livez, /readyz and /metrics; nothing here names a person or takes input. */
export const serveHealth =
  (health: Health, registry: Registry): RequestListener =>
  (req, res) => {
    const answer = (status: number, type: string, body: string) =>
      res.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body)
    const fail = () => answer(500, 'text/plain', 'failed\n')
    switch (req.method === 'GET' ? req.url : undefined) {
      case '/livez':
        answer(health.live() ? 200 : 503, 'text/plain', 'ok\n')
        break
      case '/readyz':
        health
          .ready()
          .then(
            ({ ready, reason }) => answer(ready ? 200 : 503, 'text/plain', `${reason ?? 'ok'}\n`),
            fail,
          )
        break
      case '/metrics':
        registry.metrics().then((text) => answer(200, registry.contentType, text), fail)
        break
      default:
        answer(404, 'text/plain', 'not found\n')
    }
  }
