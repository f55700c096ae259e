import { z } from 'zod'
import { operation } from './operation.ts'
import { Person } from './persons.ts'
import { Session } from './sessions.ts'
import { label, Moment, Password, PersonName, TypedPassword } from './text.ts'

const Status = z.object({
  product: z.literal('Gatehouse'),
  version: z.string(),
  /** False until the first administrator exists. */
  ready: z.boolean(),
  /** The certificate authority that kubectl must trust for this gateway; absent with a public one. */
  caPem: z.string().optional(),
})

/** What a device holds after signing in. Neither token is ever shown again. */
export const SignedIn = z.object({
  accessToken: z.string(),
  accessExpiresAt: Moment,
  refreshToken: z.string(),
  person: Person,
  session: Session,
})
export type SignedIn = z.infer<typeof SignedIn>

/** Whatever was typed as a name; only what no name can hold is refused. */
const TypedName = label(128)

/** The doors that stand open to whoever can reach the gateway. */
export const entry = {
  status: operation({
    method: 'GET',
    path: '/status',
    needs: 'nobody',
    summary: 'Says what this gateway is and whether it has been set up.',
    input: z.object({}),
    output: Status,
  }),
  setUp: operation({
    method: 'POST',
    path: '/set-up',
    needs: 'nobody',
    summary: 'Makes the first administrator, once, with the code that the gateway printed.',
    input: z.object({ code: z.string().max(100), name: PersonName, password: Password }),
    output: Person,
  }),
  signIn: operation({
    method: 'POST',
    path: '/sign-in',
    needs: 'nobody',
    summary: 'Opens a session for a device with its own access and refresh token.',
    input: z.object({ name: TypedName, password: TypedPassword, device: label(100) }),
    output: SignedIn,
  }),
  refresh: operation({
    method: 'POST',
    path: '/refresh',
    needs: 'nobody',
    summary: 'Exchanges a refresh token for a new pair; an old one used again ends the session.',
    input: z.object({ refreshToken: z.string().min(1).max(200) }),
    output: SignedIn,
  }),
  signInConsole: operation({
    method: 'POST',
    path: '/console/sign-in',
    needs: 'nobody',
    summary: 'Opens a session for a browser; its token travels in an HttpOnly cookie only.',
    input: z.object({ name: TypedName, password: TypedPassword }),
    output: z.object({ person: Person, session: Session }),
  }),
}
