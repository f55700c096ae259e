import { Counter, Histogram, type Registry } from 'prom-client'
import type { Attempt } from '../audit/index.ts'
import { Verb } from '../contract/grants.ts'

/** What operators see of cluster calls. */
export interface ProxyMetrics {
  observe(attempt: Attempt): void
}

/** Labels come from closed sets only: a caller cannot make new time series. */
export function createProxyMetrics(registry: Registry): ProxyMetrics {
  const labelNames = ['cluster', 'verb', 'status', 'result'] as const
  const calls = new Counter({
    name: 'gatehouse_cluster_calls_total',
    help: 'Calls to clusters by their outcome.',
    labelNames,
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'gatehouse_cluster_call_seconds',
    help: 'Duration of calls to clusters, streams apart.',
    labelNames: ['cluster'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    registers: [registry],
  })
  const bytes = new Counter({
    name: 'gatehouse_cluster_bytes_total',
    help: 'Bytes of bodies and streams.',
    labelNames: ['cluster', 'direction'],
    registers: [registry],
  })
  return {
    observe({
      cluster,
      profile,
      verb = '',
      status = 0,
      result,
      bytesIn = 0,
      bytesOut = 0,
      milliseconds = 0,
    }) {
      // A cluster is only named once the person has a grant on it; before that it is what somebody typed.
      const known = profile === undefined ? '' : (cluster ?? '')
      calls.inc({
        cluster: known,
        verb: verbs.has(verb) ? verb : 'other',
        status: String(status),
        result,
      })
      bytes.inc({ cluster: known, direction: 'in' }, bytesIn)
      bytes.inc({ cluster: known, direction: 'out' }, bytesOut)
      if (status !== 101 && verb !== 'watch')
        duration.observe({ cluster: known }, milliseconds / 1000)
    },
  }
}

const verbs: ReadonlySet<string> = new Set([...Verb.options, 'head'])
