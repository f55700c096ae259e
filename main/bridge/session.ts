import type { session } from '#bridge/session.ts'
import type { Client } from '#gateway/operation.ts'
import type { GatewayRoom } from '../gateway/room.ts'

/** `listens`: a page asks for its session first of all, with its listening in place. */
export const sessionCalls = (
  room: GatewayRoom,
  listens: () => void,
): Client<{ session: typeof session }>['session'] => ({
  state() {
    listens()
    return room.settled()
  },
  signIn: ({ name, password }) => room.signIn(name, password),
  signOut: () => room.signOut(),
})
