import type { AccessRoom, OpenSession } from '../access/index.ts'
import { forbidden, notFound } from '../contract/errors.ts'
import type { Actor } from '../policies/caller.ts'
import { canEndSession, canSeeSessionsOfEveryone } from '../policies/sessions.ts'

export type { OpenSession }

export interface SessionDeps {
  readonly access: Pick<AccessRoom, 'sessions'>
}

export async function listSessions(
  { access }: SessionDeps,
  actor: Actor,
  everyone: boolean,
): Promise<OpenSession[]> {
  if (everyone && !canSeeSessionsOfEveryone(actor)) throw forbidden()
  return access.sessions.list(everyone ? undefined : actor.personId)
}

/** When it returns, every stream of the session is closed. */
export async function revokeSession(
  { access }: SessionDeps,
  actor: Actor,
  id: string,
): Promise<void> {
  const session = await access.sessions.find(id)
  if (!session || !canEndSession(actor, session)) throw notFound('This session')
  await access.sessions.revoke(id)
}

export async function signOut({ access }: SessionDeps, actor: Actor): Promise<void> {
  await access.sessions.revoke(actor.sessionId)
}
