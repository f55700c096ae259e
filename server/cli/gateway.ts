import { createGatewayClient, type Send } from '../contract/client.ts'
import { AppError } from '../contract/errors.ts'
import type { Gateway } from '../contract/index.ts'
import { signedIn } from './access-token.ts'
import { readAddress } from './address.ts'
import { gatewayMeant, readDevice } from './device.ts'
import { Refusal } from './refusal.ts'
import { createSend, type Peer } from './send.ts'

/** A gateway to speak to as the person who is signed in. */
export interface Connection {
  readonly peer: Peer
  readonly gateway: Gateway
  /** Asked for on every call; refreshed when it is about to end. */
  readonly token: () => Promise<string>
}

/** The option that every command shares. */
export const gatewayOption = { gateway: { type: 'string' } } as const

/** Connects to the gateway that `--gateway` names, else to the only one with a session here. */
export function connect(named: string | undefined, ca?: string): Connection {
  const address = gatewayMeant(named === undefined ? undefined : readAddress(named))
  const caPem = ca ?? readDevice(address)?.caPem
  const peer: Peer = { address, ...(caPem !== undefined && { caPem }) }
  const token = async () => {
    try {
      return (await signedIn(address)).accessToken
    } catch (cause) {
      // The client passes on failures that have a name, and calls all others unreachable.
      if (cause instanceof Refusal) throw new AppError('unauthenticated', cause.message, { cause })
      throw cause
    }
  }
  const carry = createSend(peer, token)
  const send: Send = async (wanted) => {
    const answer = await carry(wanted)
    if (answer.status !== 401 || wanted.needs === 'nobody') return answer
    throw new AppError('unauthenticated', `This session has ended: run gatehouse login ${address}`)
  }
  return { peer, gateway: createGatewayClient(send), token }
}
