import { mkdtemp, rm } from 'node:fs/promises'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createAccess, createChanges, type Identity } from '../../../server/access/index.ts'
import { openAudit } from '../../../server/audit/index.ts'
import type { Event } from '../../../server/contract/events.ts'
import type { Preset, Scope } from '../../../server/contract/grants.ts'
import { createLive, type Live } from '../../../server/live/index.ts'
import { openDatabase, type Database } from '../../../server/models/database.ts'
import { createKeyFile } from '../../../server/models/key-source.ts'
import { openSealing } from '../../../server/models/sealing.ts'
import type { Actor } from '../../../server/policies/caller.ts'
import { presets } from '../../../server/policies/presets.ts'
import { createUpstreams } from '../../../server/proxy/upstream/index.ts'
import { clusterRoutes } from '../../../server/routes/clusters.ts'
import { profileRoutes } from '../../../server/routes/profiles.ts'
import { openWindow, type TestWindow } from './window.ts'

export interface LiveWorld {
  readonly live: Live
  readonly db: Database
  /** Registers a cluster; its profiles are made from tokens. */
  register(cluster: Registered): Promise<void>
  profile(clusterId: string, name: string, token: string): Promise<TestProfile>
  replaceToken(profile: TestProfile, token: string): Promise<void>
  removeProfile(profile: TestProfile): Promise<void>
  person(): Promise<TestViewer>
  /** What the audit chain says of views. */
  audited(): Promise<readonly Event[]>
  log(): string
  end(): Promise<void>
}

interface Registered {
  readonly id: string
  readonly address: string
  readonly caPem: string
}

export interface TestProfile {
  readonly id: string
  readonly clusterId: string
  readonly name: string
}

export interface TestViewer {
  readonly name: string
  readonly identity: Identity
  grant(profile: TestProfile, more?: GrantMore): Promise<string>
  revoke(grantId: string): Promise<void>
  signOut(): Promise<void>
  window(): TestWindow
}

interface GrantMore {
  readonly preset?: Preset
  readonly namespaces?: readonly string[]
  readonly rules?: Scope['rules']
  readonly expiresAt?: Date
}

interface Options {
  readonly allow: readonly string[]
  readonly linger?: number
  /** The clock of the wall. */
  readonly now?: () => number
}

/** Everything between a views stream and a cluster: real parts, nothing of HTTP in front. */
export async function openLiveWorld({ allow, linger, now }: Options): Promise<LiveWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-live-'))
  const db = await openDatabase(`sqlite:${join(folder, 'db.sqlite')}`)
  const sealing = await openSealing(db, createKeyFile(join(folder, 'sealing-keys.json')))
  let logged = ''
  const log = pino({ level: 'debug' }, { write: (line: string) => void (logged += line) })
  const changes = createChanges((error) => log.error({ err: error }, 'a listener failed'))
  const key = () => generateKeyPairSync('ed25519').privateKey
  const audit = await openAudit({ db, key: key(), writer: 'test', log })
  const access = await createAccess({
    db,
    sealing,
    changes,
    config: { accessSeconds: 900, sessionSeconds: 86_400, streamSeconds: 3600 },
    key: key(),
    log,
  })
  const upstreams = createUpstreams({
    db,
    sealing,
    changes,
    log,
    config: {
      clusterAddresses: { allow: [...allow] },
      listen: { host: '127.0.0.1', port: 1, certificatePem: '', keyPem: '' },
      consolePort: undefined,
    },
  })
  const live = createLive({
    upstreams,
    access,
    audit,
    changes,
    log,
    ...(linger !== undefined && { linger }),
    ...(now && { now }),
  })
  const deps = { db, sealing, changes, upstreams, access, audit }
  const clusters = clusterRoutes(deps)
  const profiles = profileRoutes(deps)
  const admin = await person('root', true)
  const actor: Actor = {
    personId: admin.person.id,
    name: 'root',
    admin: true,
    sessionId: admin.session.id,
    identity: admin,
    source: '127.0.0.1',
    requestId: randomUUID(),
    userAgent: 'test',
  }
  const windows: TestWindow[] = []

  async function person(name: string, isAdmin = false): Promise<Identity> {
    const row = await db.persons.create({ name, passwordHash: 'none', admin: isAdmin })
    const opened = await access.sessions.open({
      personId: row.id,
      device: 'laptop',
      isStillProven: () => true,
    })
    return access.authenticate(opened.accessToken, 'gatehouse')
  }

  return {
    live,
    db,
    async register(cluster) {
      await clusters.register({ name: cluster.id, ...cluster }, actor)
    },
    profile: (clusterId, name, token) => profiles.createStatic({ clusterId, name, token }, actor),
    async replaceToken({ id }, token) {
      await profiles.replaceToken({ id, token }, actor)
    },
    async removeProfile({ id }) {
      await profiles.remove({ id }, actor)
    },
    async person() {
      const name = `person-${randomUUID().slice(0, 8)}`
      const identity = await person(name)
      return {
        name,
        identity,
        async grant(profile, { preset = 'viewer', namespaces, rules, expiresAt } = {}) {
          const scope = {
            ...presets[preset],
            ...(rules && { rules }),
            ...(namespaces && { namespaces: [...namespaces] }),
          }
          const grant = await db.grants.create({
            personId: identity.person.id,
            profileId: profile.id,
            clusterId: profile.clusterId,
            scope,
            expiresAt: expiresAt ?? null,
            createdBy: admin.person.id,
          })
          changes.tell({ kind: 'grant', id: grant.id })
          return grant.id
        },
        async revoke(id) {
          await db.grants.destroy({ where: { id } })
          changes.tell({ kind: 'grant', id })
        },
        async signOut() {
          await access.sessions.revoke(identity.session.id)
        },
        window() {
          const window = openWindow()
          windows.push(window)
          live.serve({ identity, source: '192.0.2.7', requestId: randomUUID() }, window.port)
          return window
        },
      }
    },
    async audited() {
      const page = await audit.list({ action: 'view' }, { limit: 200 })
      return page.events
    },
    log: () => logged,
    async end() {
      for (const it of windows) it.leave()
      await live.close()
      await upstreams.close()
      await access.close()
      await audit.close()
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
