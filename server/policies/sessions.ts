import type { Actor } from './caller.ts'

type Caller = Pick<Actor, 'personId' | 'admin'>

export const canSeeSessionsOfEveryone = ({ admin }: Caller): boolean => admin

/** A session one may not end is a session that does not exist. */
export const canEndSession = (actor: Caller, session: { readonly personId: string }): boolean =>
  actor.admin || session.personId === actor.personId
