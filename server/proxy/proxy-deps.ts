import type { Logger } from 'pino'
import type { Gatekeepers } from './admit.ts'
import type { Limits } from './limits.ts'
import type { ProxyMetrics } from './metrics.ts'
import type { Upstreams } from './upstream/index.ts'

/** What every cluster call passes through. */
export interface ProxyDeps extends Gatekeepers {
  readonly upstreams: Upstreams
  readonly limits: Limits
  readonly metrics: ProxyMetrics
  readonly log: Logger
  /** The largest body that is forwarded. */
  readonly bodyBytes: number
}
