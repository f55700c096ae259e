import type { events } from '../contract/events.ts'
import type { Handlers } from '../contract/operation.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../policies/caller.ts'
import { describeChain, listEvents } from '../services/events.ts'

export const eventRoutes = (deps: Pick<Deps, 'audit'>): Handlers<typeof events, Actor> => ({
  list: (input) => listEvents(deps, input),
  chain: () => Promise.resolve(describeChain(deps)),
})
