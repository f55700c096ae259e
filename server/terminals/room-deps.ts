import type { Logger } from 'pino'
import type { Access, AccessRoom } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Upstreams } from '../proxy/upstream/index.ts'

/** What terminals and logs are made of. */
export interface RoomDeps {
  readonly access: AccessRoom
  readonly audit: Audit
  readonly upstreams: Upstreams
  readonly log: Logger
  /** Takes a place among the streams of a person and of a cluster. @throws AppError rate_limited */
  readonly enter: (access: Access) => () => void
}
