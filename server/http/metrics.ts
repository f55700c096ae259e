import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Deps } from '../deps.ts'

/** The process’s own numbers: runtime, open streams, the state of the audit log. */
export function createRegistry({ access, audit }: Pick<Deps, 'access' | 'audit'>): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'gatehouse_' })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('gatehouse_streams', 'Open watches, logs, terminals and tunnels.', () =>
    access.streams.count(),
  )
  gauge('gatehouse_audit_healthy', '1 while the audit log can be written.', () =>
    audit.state.status === 'healthy' ? 1 : 0,
  )
  return registry
}
