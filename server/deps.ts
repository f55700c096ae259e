import type { Logger } from 'pino'
import type { AccessRoom, Changes } from './access/index.ts'
import type { Audit } from './audit/index.ts'
import type { Lockout } from './auth/lockout.ts'
import type { Config } from './config.ts'
import type { ConsoleFiles } from './http/console.ts'
import type { Live } from './live/index.ts'
import type { Database } from './models/database.ts'
import type { Sealing } from './models/sealing.ts'
import type { Limits } from './proxy/index.ts'
import type { Upstreams } from './proxy/upstream/index.ts'
import type { Terminals } from './terminals/index.ts'

/** What the gateway is made of; built once in index.ts and passed by hand. */
export interface Deps {
  /** Of this product, as package.json has it. */
  readonly version: string
  readonly config: Config
  readonly log: Logger
  readonly db: Database
  readonly sealing: Sealing
  readonly changes: Changes
  readonly access: AccessRoom
  readonly audit: Audit
  readonly upstreams: Upstreams
  readonly lockout: Lockout
  /** The built web console, read once for both listeners; undefined where there is no build. */
  readonly console: ConsoleFiles | undefined
  /** The places of people and clusters, one count for kubectl and the console. */
  readonly limits: Limits
  readonly terminals: Terminals
  readonly live: Live
}
