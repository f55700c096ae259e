import type { Logger } from 'pino'
import type { Access, Changes } from '../../access/index.ts'
import type { Config } from '../../config.ts'
import type { Database } from '../../models/database.ts'
import type { Sealing } from '../../models/sealing.ts'
import type { Diagnosis, Reach } from '../../contract/clusters.ts'
import type { Route } from './connector.ts'
import { Credentials, type Spent } from './credentials.ts'
import { diagnose } from './diagnose.ts'
import { ExpiryWatch } from './expiry-watch.ts'
import { Keepers } from './keeper.ts'
import { createGuard, type Resolve } from './lookup.ts'
import type { Account } from './token.ts'
import { Target } from './target.ts'
import { Targets } from './targets.ts'

export { upstreamError } from './connect-failure.ts'
export { callJson, field, statusMessage, type CallAnswer } from './call.ts'
export { keeperSeconds, NoToken, requestToken } from './keeper.ts'
export { createProbe } from './probe.ts'
export { parseProxy } from './proxy-address.ts'
export { credentialPlace, keeperPlace, proxyPlace, routeFrom } from './route.ts'
export { accountOf, isAccountName, isToken, readToken, type TokenClaims } from './token.ts'
export type { Route } from './connector.ts'
export { Target } from './target.ts'
export type { Spent } from './credentials.ts'

/** The only way to a cluster. All traffic to one, the gateway’s own included, goes through here. */
export interface Upstreams {
  /**
   * The line that spends an Access: where to send and what Authorization to send, as the database has it
   * now. Synchronous when warm.
   * @throws AppError naming the cluster.
   */
  spend(access: Access): Spent | Promise<Spent>
  /** After an upstream 401: a credential other than the failed one, once; undefined when there is none. */
  renew(access: Access, failed: Spent): Promise<Spent | undefined>
  /** A connection to somewhere that is not registered (yet): tests of an address, imports. End it with `destroy`. */
  visit(route: Route, clusterId: string): Target
  /** Tries a connection step by step and says where it fails, within ten seconds. */
  diagnose(reach: Reach, token?: string): Promise<Diagnosis>
  /** Mints a token of an account and throws it away, to show that the keeper may. */
  prove(clusterId: string, account: Account): Promise<void>
  /** Drops what is kept of a profile’s credential, so that the next call reads the database. */
  forgetProfile(profileId: string): void
  close(): Promise<void>
}

export interface UpstreamsOptions {
  readonly db: Database
  readonly sealing: Sealing
  readonly changes: Changes
  readonly config: Pick<Config, 'clusterAddresses' | 'listen' | 'consolePort'>
  readonly log: Logger
  /** Ports listened on that the configuration does not know, because it says 0. */
  readonly ownPorts?: () => readonly number[]
  readonly resolve?: Resolve
}

export function createUpstreams(options: UpstreamsOptions): Upstreams {
  const { db, sealing, changes, config, log, ownPorts, resolve } = options
  const guard = createGuard({
    allow: config.clusterAddresses.allow,
    ownPorts: () => [config.listen.port, config.consolePort ?? 0, ...(ownPorts?.() ?? [])],
    ...(resolve && { resolve }),
  })
  const targets = new Targets({ db, sealing, guard })
  const keepers = new Keepers({ db, sealing, targets, log })
  const expiry = new ExpiryWatch({ db, changes, log })
  const credentials = new Credentials({ db, sealing, targets, keepers, expiry, log })
  const stopListening = changes.on((change) => {
    if (change.kind === 'cluster') {
      targets.forget(change.id)
      credentials.forgetCluster(change.id)
    } else if (change.kind === 'profile' || change.kind === 'credential')
      credentials.forgetProfile(change.id)
  })
  keepers.start()
  return {
    spend: (access) => credentials.spend(access),
    renew: (access, failed) => credentials.renew(access, failed),
    visit: (route, clusterId) => new Target(clusterId, route, guard),
    diagnose: (reach, token) => diagnose(guard, reach, token),
    async prove(clusterId, account) {
      await keepers.mint(clusterId, { account, seconds: 600 })
    },
    forgetProfile: (id) => credentials.forgetProfile(id),
    async close() {
      stopListening()
      expiry.stop()
      await keepers.stop()
      await targets.close()
    },
  }
}
