import type { Chain, EventPage, Page } from '../audit/index.ts'
import type { EventFilter } from '../contract/events.ts'
import type { Deps } from '../deps.ts'

/** A page of what happened; the mount lets only administrators come here. */
export function listEvents(
  { audit }: Pick<Deps, 'audit'>,
  asked: EventFilter & Page,
): Promise<EventPage> {
  const { limit, before, ...filter } = asked
  return audit.list(filter, { limit, before })
}

export const describeChain = ({ audit }: Pick<Deps, 'audit'>): Chain => audit.chain()
