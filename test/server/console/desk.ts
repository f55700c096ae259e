import { randomBytes } from 'node:crypto'
import { vi } from 'vitest'
import type { Gateway } from '#gateway'
import type { Event } from '#gateway/events.ts'
import type { Capability, Preset } from '#gateway/grants.ts'
import type { Place } from '#gateway/place.ts'
import { openWorld, type World } from '../../support/world.ts'

/** Somebody at the console with one profile of the real cluster. */
export interface Clerk {
  readonly name: string
  readonly api: Gateway
  readonly place: Place
  readonly grantIds: readonly string[]
}

export interface Scoped {
  readonly namespaces?: string[]
  readonly capabilities?: Capability[]
}

export interface Desk {
  readonly world: World
  readonly admin: Gateway
  /** Made with the desk, removed with it. */
  readonly namespace: string
  readonly other: string
  clerk(preset: Preset, scope?: Scoped): Promise<Clerk>
  /** Signed in, but without any grant. */
  stranger(profile?: string): Promise<Clerk>
  /** What is on record of somebody’s operation, oldest first, once there is as much as expected. */
  records(clerk: Clerk, action: string, count?: number): Promise<readonly Event[]>
  /** Creates by the cluster’s own administrator, and gives the uid. */
  make(path: string, body: unknown): Promise<string>
  /** Merges into an object by the cluster’s own administrator. */
  patch(path: string, body: unknown): Promise<void>
  stop(): Promise<void>
}

export async function openDesk(): Promise<Desk> {
  const world = await openWorld()
  const admin = await world.gateway.admin()
  const profiles = await admin.profiles.list({ clusterId: world.id })
  const [namespace, other] = await Promise.all([
    world.cluster.namespace('console'),
    world.cluster.namespace('console-other'),
  ])
  const person = async (profile: string) => {
    const name = `clerk-${randomBytes(4).toString('hex')}`
    const password = randomBytes(12).toString('hex')
    const { id } = await admin.persons.create({ name, password })
    const { accessToken } = await world.gateway.signIn(name, password)
    return { id, name, api: world.gateway.as(accessToken), place: { cluster: world.id, profile } }
  }
  return {
    world,
    admin,
    namespace: namespace.name,
    other: other.name,
    async clerk(preset, scope = {}) {
      const { id, ...clerk } = await person(preset)
      const profile = profiles.find((it) => it.name === preset)
      if (!profile) throw new Error(`the import made no profile ${preset}`)
      const grant = await admin.grants.create({
        personId: id,
        profileId: profile.id,
        preset,
        ...scope,
      })
      return { ...clerk, grantIds: [grant.id] }
    },
    async stranger(profile = 'admin') {
      const { id: _, ...clerk } = await person(profile)
      return { ...clerk, grantIds: [] }
    },
    records: ({ name }, action, count = 1) =>
      vi.waitUntil(
        async () => {
          const { events } = await admin.events.list({ person: name, action })
          return events.length >= count && events.toReversed()
        },
        { timeout: 30_000 },
      ),
    async make(path, body) {
      const made = { method: 'POST', body }
      const { metadata } = await world.cluster.api.want<{ metadata: { uid: string } }>(path, made)
      return metadata.uid
    },
    async patch(path, body) {
      const headers = { 'content-type': 'application/merge-patch+json' }
      await world.cluster.api.want(path, { method: 'PATCH', body, headers })
    },
    async stop() {
      await Promise.all([namespace.remove(), other.remove()])
      await world.stop()
    },
  }
}
