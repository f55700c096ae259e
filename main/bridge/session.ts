import type { session } from '#bridge/session.ts'
import type { Client } from '#gateway/operation.ts'
import type { GatewayRoom } from '../gateway/room.ts'

export const sessionCalls = (
  room: GatewayRoom,
): Client<{ session: typeof session }>['session'] => ({
  state: () => room.settled(),
  signIn: ({ name, password }) => room.signIn(name, password),
  signOut: () => room.signOut(),
})
