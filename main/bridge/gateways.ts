import type { gateways } from '#bridge/gateways.ts'
import { AppError } from '#gateway/errors.ts'
import type { Client } from '#gateway/operation.ts'
import type { GatewayRoom } from '../gateway/room.ts'
import type { KeyChange } from '../gateway/trust.ts'

/** Native dialogs: what was typed into a page may have been typed by a page. */
export interface TrustQuestions {
  confirmKey(change: KeyChange): Promise<boolean>
  confirmForget(address: string): Promise<boolean>
}

export const gatewayCalls = (
  room: GatewayRoom,
  ask: TrustQuestions,
): Client<{ gateways: typeof gateways }>['gateways'] => ({
  list: async () => room.list(),
  probe: ({ address }) => room.probe(address),
  trust: async ({ address, fingerprint }) => room.trust(address, fingerprint),
  async replaceKey({ id, fingerprint, typedHost }) {
    if (!(await ask.confirmKey(room.judgeKeyChange(id, fingerprint, typedHost))))
      throw new AppError('forbidden', 'The key was not replaced')
    return room.replaceKey(id, fingerprint, typedHost)
  },
  select: async ({ id }) => {
    room.select(id)
  },
  async forget({ id }) {
    const { address } = room.known(id)
    // Forgotten, it would be a stranger whose key a page may trust.
    if (await ask.confirmForget(address)) await room.forget(id)
  },
})
