import { Op } from 'sequelize'
import type { Logger } from 'pino'
import { Scope } from '../contract/grants.ts'
import type { Database } from '../models/database.ts'
import type { Changes } from './changes.ts'

export interface GrantedScope {
  readonly grantId: string
  readonly scope: Scope
  /** Absent means it ends only when it is taken back. */
  readonly expires: Date | undefined
}

/** A profile that a person was granted, with what narrows it. */
export interface GrantedProfile {
  readonly profileId: string
  readonly profileName: string
  /** Where its cluster’s keeper lives, if anywhere. */
  readonly keeperNamespace: string | null
  readonly scopes: readonly GrantedScope[]
}

/** A person’s granted profiles by cluster. Ended ones may be among them: ask their dates. */
export type GrantedProfiles = ReadonlyMap<string, readonly GrantedProfile[]>

/** Everyone’s grants, in memory for those who are active. */
export interface GrantsCache {
  of(personId: string): GrantedProfiles | Promise<GrantedProfiles>
  grantIds(): Set<string>
  /** The next question goes to the database. */
  forget(): void
}

interface Options {
  readonly db: Database
  readonly changes: Changes
  readonly log: Logger
}

const remembered = 5_000

export function createGrantsCache({ db, changes, log }: Options): GrantsCache {
  const entries = new Map<string, GrantedProfiles>()
  const loading = new Map<string, Promise<GrantedProfiles>>()
  let epoch = 0

  const forget = () => {
    epoch += 1
    entries.clear()
    loading.clear()
  }

  changes.on(({ kind }) => {
    // A new grant is told by its own id, which names nobody; all of this is seldom and cheap to read again.
    if (kind === 'grant' || kind === 'profile' || kind === 'cluster' || kind === 'person') forget()
  })

  /** Remembers only what nothing touched while it was read; who uses it asks the change log as well. */
  async function read(personId: string): Promise<GrantedProfiles> {
    const began = epoch
    const profiles = await readOnce(personId)
    if (epoch === began) remember(personId, profiles)
    return profiles
  }

  function remember(personId: string, profiles: GrantedProfiles): void {
    entries.set(personId, profiles)
    if (entries.size <= remembered) return
    const [oldest] = entries.keys()
    if (oldest !== undefined) entries.delete(oldest)
  }

  async function readOnce(personId: string): Promise<GrantedProfiles> {
    const grants = await db.grants.findAll({ where: { personId } })
    const ids = [...new Set(grants.map((it) => it.profileId))]
    const profiles = await db.profiles.findAll({
      where: { id: { [Op.in]: ids } },
      include: { association: 'cluster', attributes: ['keeperNamespace'] },
    })
    const byCluster = new Map<string, GrantedProfile[]>()
    for (const { id, clusterId, name, cluster } of profiles) {
      const scopes = grants.flatMap((it) => (it.profileId === id ? scopeOf(it) : []))
      if (scopes.length === 0) continue
      const others = byCluster.get(clusterId) ?? []
      const keeperNamespace = cluster?.keeperNamespace ?? null
      const profile = { profileId: id, profileName: name, keeperNamespace, scopes }
      byCluster.set(clusterId, [...others, profile])
    }
    return byCluster
  }

  /** A scope that this version cannot read grants nothing. */
  function scopeOf(grant: { id: string; scope: unknown; expiresAt: Date | null }): GrantedScope[] {
    const scope = Scope.safeParse(grant.scope)
    if (scope.success) {
      return [{ grantId: grant.id, scope: scope.data, expires: grant.expiresAt ?? undefined }]
    }
    log.error(
      { grant: grant.id, err: scope.error },
      'a stored scope cannot be read; its grant is ignored',
    )
    return []
  }

  return {
    of(personId) {
      const known = entries.get(personId) ?? loading.get(personId)
      if (known) return known
      const running: Promise<GrantedProfiles> = read(personId).finally(() => {
        if (loading.get(personId) === running) loading.delete(personId)
      })
      loading.set(personId, running)
      return running
    },
    grantIds() {
      const ids = new Set<string>()
      for (const profiles of entries.values())
        for (const list of profiles.values())
          for (const { scopes } of list) for (const { grantId } of scopes) ids.add(grantId)
      return ids
    },
    forget,
  }
}
