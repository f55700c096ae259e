import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { createChanges, type Change, type Changes } from '../../server/access/changes.ts'
import type { Access } from '../../server/access/index.ts'
import type { clusters as clusterContract } from '../../server/contract/clusters.ts'
import type { profiles as profileContract } from '../../server/contract/profiles.ts'
import type { Handlers } from '../../server/contract/operation.ts'
import { openDatabase, type Database } from '../../server/models/database.ts'
import { createKeyFile } from '../../server/models/key-source.ts'
import { openSealing, type Sealing } from '../../server/models/sealing.ts'
import type { Actor } from '../../server/policies/caller.ts'
import { createUpstreams, type Upstreams } from '../../server/proxy/upstream/index.ts'
import type { Resolve } from '../../server/proxy/upstream/lookup.ts'
import { clusterRoutes } from '../../server/routes/clusters.ts'
import { profileRoutes } from '../../server/routes/profiles.ts'

export interface UpstreamWorld {
  readonly db: Database
  readonly sealing: Sealing
  readonly changes: Changes
  readonly upstreams: Upstreams
  /** Everything told so far. */
  readonly told: readonly Change[]
  /** What is written to the log. */
  log(): string
  readonly clusters: Handlers<typeof clusterContract, Actor>
  readonly profiles: Handlers<typeof profileContract, Actor>
  readonly admin: Actor
  access(clusterId: string, profile: { id: string; name: string }): Access
  end(): Promise<void>
}

export interface UpstreamWorldOptions {
  readonly allow?: readonly string[]
  readonly resolve?: Resolve
}

/** Everything between the contract's cluster operations and a cluster: a real database, no HTTP in front. */
export async function openUpstreamWorld(
  options: UpstreamWorldOptions = {},
): Promise<UpstreamWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-upstream-'))
  const db = await openDatabase(`sqlite:${join(folder, 'db.sqlite')}`)
  const sealing = await openSealing(db, createKeyFile(join(folder, 'sealing-keys.json')))
  const changes = createChanges()
  const told: Change[] = []
  changes.on((change) => told.push(change))
  let logged = ''
  const log = pino({ level: 'debug' }, { write: (line: string) => void (logged += line) })
  const upstreams = createUpstreams({
    db,
    sealing,
    changes,
    log,
    config: {
      clusterAddresses: { allow: [...(options.allow ?? [])] },
      listen: { host: '127.0.0.1', port: 1, certificatePem: '', keyPem: '' },
      consolePort: undefined,
    },
    ...(options.resolve && { resolve: options.resolve }),
  })
  const deps = { db, sealing, changes, upstreams }
  const identity: Actor['identity'] = {
    person: { id: randomUUID(), name: 'admin', admin: true },
    session: {
      id: randomUUID(),
      expiresAt: new Date(Date.now() + 3_600_000),
      kind: 'device',
    },
  }
  const admin: Actor = {
    personId: identity.person.id,
    name: 'admin',
    admin: true,
    sessionId: identity.session.id,
    identity,
    source: '127.0.0.1',
    requestId: randomUUID(),
    userAgent: 'test',
  }
  return {
    db,
    sealing,
    changes,
    upstreams,
    told,
    log: () => logged,
    clusters: clusterRoutes(deps),
    profiles: profileRoutes(deps),
    admin,
    access: (clusterId, profile) => ({
      ...identity,
      clusterId,
      credential: { profileId: profile.id, profileName: profile.name },
      scopes: [],
      expires: new Date(Date.now() + 3_600_000),
    }),
    async end() {
      await upstreams.close()
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
