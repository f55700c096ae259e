import { AppError } from '../contract/errors.ts'
import type { ChangeLog } from './change-log.ts'
import type { Change } from './changes.ts'
import type { GrantedProfile, GrantedScope, GrantsCache } from './grants-cache.ts'
import type { Identity } from './identity.ts'
import type { SessionCache } from './session-cache.ts'

/** One person’s right to one identity in one cluster: what every way of signing in comes down to. */
export interface Access {
  readonly person: Identity['person']
  readonly session: Identity['session']
  readonly clusterId: string
  /** Names the credential; only proxy/upstream can spend it. */
  readonly credential: { readonly profileId: string; readonly profileName: string }
  /** Where the cluster’s keeper lives; closed to everyone. */
  readonly keeperNamespace?: string | null
  /** One per live grant on this profile; they add up. */
  readonly scopes: readonly GrantedScope[]
  /** The first of: the session’s end, the last grant’s end, the policy’s maximum. */
  readonly expires: Date
}

export type AccessAnswer =
  | { readonly status: 'access'; readonly access: Access }
  | { readonly status: 'choose'; readonly profiles: readonly string[] }
  | { readonly status: 'none' }

interface Options {
  readonly sessions: SessionCache
  readonly grants: GrantsCache
  readonly changeLog: ChangeLog
  readonly streamSeconds: number
  readonly now: () => number
}

export type AccessMaker = (
  identity: Identity,
  clusterId: string,
  profileName: string | undefined,
) => AccessAnswer | Promise<AccessAnswer>

// When each Access was made, counted in changes: streams ask what has ended since.
const made = new WeakMap<Access, number>()

/** An Access that was not made here, a copy included, counts as too old to open a stream. */
export const madeAt = (access: Access): number => made.get(access) ?? -1

const attempts = 5

export function createAccessMaker(options: Options): AccessMaker {
  const { sessions, grants, changeLog } = options

  async function afterLoading(...[identity, clusterId, profileName]: Parameters<AccessMaker>) {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const since = changeLog.now()
      const [live, profiles] = await Promise.all([
        sessions.live(identity.session.id),
        grants.of(identity.person.id),
      ])
      const answer = choose(live, profiles.get(clusterId) ?? [], { clusterId, profileName, since })
      if (!changeLog.toldSince(since, dependsOn(live, answer))) return answer
    }
    throw new AppError('unavailable', 'Rights are changing too fast to be decided; try again', {
      retryAfter: 1,
    })
  }

  /** The one line that makes an Access is in here. */
  function choose(
    { person, session }: Identity,
    profiles: readonly GrantedProfile[],
    asked: { clusterId: string; profileName: string | undefined; since: number },
  ): AccessAnswer {
    const now = options.now()
    const live = profiles.flatMap((profile) => {
      const scopes = profile.scopes.filter((it) => (it.expires?.getTime() ?? Infinity) > now)
      return scopes.length > 0 ? [{ ...profile, scopes }] : []
    })
    const fitting =
      asked.profileName === undefined
        ? live
        : live.filter((it) => it.profileName === asked.profileName)
    const [only, ...others] = fitting
    if (!only) return { status: 'none' }
    if (others.length > 0) {
      return { status: 'choose', profiles: fitting.map((it) => it.profileName).sort() }
    }
    const { profileId, profileName, keeperNamespace, scopes } = only
    const expires = new Date(
      Math.min(session.expiresAt.getTime(), lastEnd(scopes), now + options.streamSeconds * 1000),
    )
    const credential = { profileId, profileName }
    const { clusterId } = asked
    const access = { person, session, clusterId, credential, keeperNamespace, scopes, expires }
    made.set(access, asked.since)
    return { status: 'access', access }
  }

  return (identity, clusterId, profileName) => {
    const live = sessions.live(identity.session.id)
    const profiles = grants.of(identity.person.id)
    if (live instanceof Promise || profiles instanceof Promise) {
      // Both are asked again there; these two must not become unhandled when they fail.
      void Promise.allSettled([live, profiles])
      return afterLoading(identity, clusterId, profileName)
    }
    const since = changeLog.now()
    return choose(live, profiles.get(clusterId) ?? [], { clusterId, profileName, since })
  }
}

const lastEnd = (scopes: readonly GrantedScope[]) =>
  Math.max(...scopes.map((it) => it.expires?.getTime() ?? Infinity))

function dependsOn({ person, session }: Identity, answer: AccessAnswer): Change[] {
  const own: Change[] = [
    { kind: 'session', id: session.id },
    { kind: 'person', id: person.id },
    { kind: 'administration', id: person.id },
  ]
  if (answer.status !== 'access') return own
  const { clusterId, credential, scopes } = answer.access
  return [
    ...own,
    { kind: 'cluster', id: clusterId },
    { kind: 'profile', id: credential.profileId },
    ...scopes.map((it): Change => ({ kind: 'grant', id: it.grantId })),
  ]
}
