import { z } from 'zod'
import { call } from './call.ts'

export const SessionState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('no gateway') }),
  z.object({
    status: z.literal('signed out'),
    gatewayId: z.string(),
    address: z.string(),
    /** Why a session that was there is there no more. */
    reason: z.string().optional(),
  }),
  z.object({
    status: z.literal('signed in'),
    gatewayId: z.string(),
    address: z.string(),
    person: z.object({ id: z.string(), name: z.string(), admin: z.boolean() }),
    /** `memory`: this machine has no keyring that keeps a secret, so a restart asks again. */
    kept: z.enum(['sealed', 'memory']),
    /** The address answers nothing now, or its key has changed. */
    trouble: z.string().optional(),
  }),
])
export type SessionState = z.infer<typeof SessionState>

export const session = {
  state: call(z.object({}), SessionState),
  signIn: call(
    z.object({ name: z.string().min(1).max(128), password: z.string().min(1).max(256) }),
    SessionState,
  ),
  signOut: call(z.object({}), SessionState),
}
