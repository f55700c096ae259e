import { createSend, type Peer } from '../../../server/cli/send.ts'
import { createGatewayClient } from '../../../server/contract/client.ts'
import { AppError } from '../../../server/contract/errors.ts'
import type { Gateway } from '../../../server/contract/index.ts'
import { until } from '../../../test/support/cluster/readiness.ts'
import type { GatewayProcess } from './gateway-process.ts'
import type { Account } from './passwords.ts'

export interface Administrator {
  readonly api: Gateway
  /** Ends the session that was opened for this start. */
  leave(): Promise<void>
}

/** Makes the first administrator where there is none, and signs in; undefined when they have another password now. */
export async function signInAdministrator(
  peer: Peer,
  gateway: GatewayProcess,
  { name, password }: Account,
): Promise<Administrator | undefined> {
  const stranger = createGatewayClient(createSend(peer))
  if (!(await stranger.entry.status({})).ready) {
    const code = await until({ what: 'The set-up code', withinMs: 5_000 }, () =>
      Promise.resolve(gateway.setUpCode),
    )
    await stranger.entry.setUp({ code, name, password })
  }
  try {
    const signedIn = await stranger.entry.signIn({ name, password, device: 'npm start' })
    const { accessToken, session } = signedIn
    const api = createGatewayClient(createSend(peer, () => Promise.resolve(accessToken)))
    return {
      api,
      async leave() {
        await api.sessions.revoke({ id: session.id })
      },
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') return undefined
    throw error
  }
}
