import { z } from 'zod'
import { operation } from './operation.ts'
import { byId, Moment } from './text.ts'

/** One signed-in device. */
export const Session = z.object({
  id: z.uuid(),
  personId: z.uuid(),
  personName: z.string(),
  device: z.string(),
  kind: z.enum(['device', 'console']),
  createdAt: Moment,
  lastUsedAt: Moment,
  expiresAt: Moment,
  /** True for the session that asks. */
  current: z.boolean(),
})
export type Session = z.infer<typeof Session>

export const sessions = {
  list: operation({
    method: 'GET',
    path: '/sessions',
    needs: 'person',
    summary: 'One’s own open sessions; an administrator may ask for those of everyone.',
    input: z.object({ everyone: z.enum(['true', 'false']).default('false') }),
    output: z.array(Session),
  }),
  revoke: operation({
    method: 'DELETE',
    path: '/sessions/:id',
    needs: 'person',
    summary: 'Ends a session and every stream it has open.',
    input: byId,
    output: z.void(),
  }),
  signOut: operation({
    method: 'POST',
    path: '/sign-out',
    needs: 'person',
    summary: 'Ends the session that asks.',
    input: z.object({}),
    output: z.void(),
  }),
}
