import type { Access, AccessRoom } from '../access/index.ts'
import { AppError, forbidden } from '../contract/errors.ts'
import type { Place } from '../contract/place.ts'
import { askFor, type Ask } from '../policies/ask.ts'
import type { Viewer } from '../policies/caller.ts'
import { decide } from '../policies/scope.ts'

/** What a person may spend at a place. @throws AppError forbidden, in the same words for what does not exist */
export async function accessTo(room: AccessRoom, viewer: Viewer, place: Place): Promise<Access> {
  const { identity } = viewer
  const answer = await room.accessFor(identity, place.cluster, place.profile)
  if (answer.status === 'access') return answer.access
  throw forbidden(
    `"${identity.person.name}" has no grant on the profile "${place.profile}" of "${place.cluster}"`,
  )
}

/** The grants that allow it. @throws AppError forbidden */
export function grantsFor(access: Access, ask: Ask): readonly string[] {
  const decision = decide(askFor(ask), access, Date.now())
  if (decision.status === 'allowed') return decision.grantIds
  const who = `"${access.person.name}" with profile "${access.credential.profileName}"`
  throw new AppError('forbidden', `${who} may not do this: ${decision.reason}`)
}

export const may = (access: Access, ask: Ask): boolean =>
  decide(askFor(ask), access, Date.now()).status === 'allowed'
