import type { gateways } from '#bridge/gateways.ts'
import type { Client } from '#gateway/operation.ts'
import type { GatewayRoom } from '../gateway/room.ts'

export const gatewayCalls = (
  room: GatewayRoom,
): Client<{ gateways: typeof gateways }>['gateways'] => ({
  list: async () => room.list(),
  probe: ({ address }) => room.probe(address),
  trust: async ({ address, fingerprint }) => room.trust(address, fingerprint),
  replaceKey: async ({ id, fingerprint, typedHost }) => room.replaceKey(id, fingerprint, typedHost),
  select: async ({ id }) => {
    room.select(id)
  },
  forget: ({ id }) => room.forget(id),
})
