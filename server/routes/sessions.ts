import type { Handlers } from '../contract/operation.ts'
import type { Session, sessions } from '../contract/sessions.ts'
import type { Actor } from '../policies/caller.ts'
import {
  listSessions,
  revokeSession,
  signOut,
  type OpenSession,
  type SessionDeps,
} from '../services/sessions.ts'

/** Lets the answer of a sign-out take the browser’s cookie back. */
interface WithCookie {
  clearCookie(): void
}

export const sessionRoutes = (
  deps: SessionDeps,
): Handlers<typeof sessions, Actor & WithCookie> => ({
  list: async ({ everyone }, actor) =>
    (await listSessions(deps, actor, everyone === 'true')).map((it) =>
      presentSession(it, actor.sessionId),
    ),
  revoke: ({ id }, actor) => revokeSession(deps, actor, id),
  signOut: async (_, actor) => {
    await signOut(deps, actor)
    actor.clearCookie()
  },
})

export const presentSession = (session: OpenSession, currentId: string): Session => ({
  id: session.id,
  personId: session.personId,
  personName: session.personName,
  device: session.device,
  kind: session.kind,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: session.lastUsedAt.toISOString(),
  expiresAt: session.expiresAt.toISOString(),
  current: session.id === currentId,
})
