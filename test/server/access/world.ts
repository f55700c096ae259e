import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { createAccess, createChanges, type AccessOptions } from '../../../server/access/index.ts'
import { openLockout } from '../../../server/auth/lockout.ts'
import { presets } from '../../../server/policies/presets.ts'
import type { Actor, Visitor } from '../../../server/policies/caller.ts'
import type { Preset, Scope } from '../../../server/contract/grants.ts'
import { openDatabase } from '../../../server/models/database.ts'
import type { Person } from '../../../server/models/person.ts'
import { createKey, type KeySource } from '../../../server/models/key-source.ts'
import { openSealing } from '../../../server/models/sealing.ts'

export type World = Awaited<ReturnType<typeof createWorld>>

export const signingKey = () => generateKeyPairSync('ed25519').privateKey

interface WorldOptions extends Partial<Pick<AccessOptions, 'key' | 'olderKeys'>> {
  readonly config?: Partial<AccessOptions['config']>
  readonly signInsPerMinute?: number
  readonly keys?: KeySource
}

/** The access room over a real database, with a clock that a test can move. */
export async function createWorld(url: string, options: WorldOptions = {}) {
  const {
    key = signingKey(),
    olderKeys = [],
    signInsPerMinute = 1000,
    keys = memoryKeys(),
  } = options
  const db = await openDatabase(url)
  const sealing = await openSealing(db, keys)
  const changes = createChanges()
  const clock = { now: Date.now() }
  const log = pino({ level: 'silent' })
  const config = { accessSeconds: 900, sessionSeconds: 86_400, streamSeconds: 3600 }
  const access = await createAccess({
    db,
    sealing,
    changes,
    config: { ...config, ...options.config },
    key,
    olderKeys,
    log,
    now: () => clock.now,
  })
  const lockout = await openLockout({ db, signInsPerMinute })
  let clusters = 0

  return {
    db,
    sealing,
    changes,
    access,
    lockout,
    clock,
    key,
    log,

    addPerson: (name: string, more: { admin?: boolean; passwordHash?: string } = {}) =>
      db.persons.create({ name, passwordHash: 'none', ...more }),

    /** A session without a password. */
    open: (person: Person, device = 'laptop') =>
      access.sessions.open({ personId: person.id, device, isStillProven: () => true }),

    openConsole: (person: Person) =>
      access.sessions.openConsole({
        personId: person.id,
        device: 'browser',
        isStillProven: () => true,
      }),

    async addProfile(clusterId: string, name: string) {
      if (!(await db.clusters.findByPk(clusterId))) {
        clusters += 1
        const address = `https://10.0.0.${clusters}`
        await db.clusters.create({ id: clusterId, name: clusterId, address })
      }
      return db.profiles.create({ clusterId, name, kind: 'minted' })
    },

    /** As the service does: after the commit it is told. */
    async grant(
      person: Person,
      profile: { id: string; clusterId: string },
      more: { preset?: Preset; scope?: Scope; expiresAt?: Date } = {},
    ) {
      const grant = await db.grants.create({
        personId: person.id,
        profileId: profile.id,
        clusterId: profile.clusterId,
        scope: more.scope ?? presets[more.preset ?? 'viewer'],
        expiresAt: more.expiresAt ?? null,
        createdBy: person.id,
      })
      changes.tell({ kind: 'grant', id: grant.id })
      return grant
    },

    async end() {
      await access.close()
      await db.close()
    },
  }
}

export function memoryKeys(): KeySource {
  const { id, key } = createKey()
  return { name: 'memory', read: () => ({ current: id, keys: new Map([[id, key]]) }) }
}

export const visitor = (source = '192.0.2.1'): Visitor => ({
  source,
  requestId: randomUUID(),
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
})

export const actor = (person: Person, sessionId: string = randomUUID()): Actor => ({
  ...visitor(),
  personId: person.id,
  name: person.name,
  admin: person.admin,
  sessionId,
  identity: {
    person: { id: person.id, name: person.name, admin: person.admin },
    session: { id: sessionId, expiresAt: new Date(Date.now() + 3_600_000), kind: 'device' },
  },
})
