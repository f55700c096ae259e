import type { entry, SignedIn } from '../contract/entry.ts'
import type { Handlers } from '../contract/operation.ts'
import type { Visitor } from '../policies/caller.ts'
import {
  isSetUp,
  refresh,
  setUp,
  signIn,
  signInConsole,
  type ConsoleAudience,
  type DeviceSession,
  type EntryDeps,
} from '../services/entry.ts'
import { presentPerson } from './persons.ts'
import { presentSession } from './sessions.ts'

interface Deps extends EntryDeps {
  readonly version: string
  readonly config: { readonly caPem: string | undefined }
}

/** Hands a browser its session in a cookie that scripts cannot read. */
interface WithCookie {
  /** What the token in it is for. */
  readonly audience?: ConsoleAudience
  setCookie(token: string, expires: Date): void
}

export function entryRoutes(deps: Deps): Handlers<typeof entry, Visitor & WithCookie> {
  const { version, config } = deps
  let ready = false

  return {
    status: async () => {
      // Once true it stays true: the last administrator cannot be removed.
      ready ||= await isSetUp(deps)
      const { caPem } = config
      return { product: 'Gatehouse', version, ready, ...(caPem !== undefined && { caPem }) }
    },
    setUp: async (input, visitor) => presentPerson(await setUp(deps, visitor, input)),
    signIn: async (input, visitor) => presentSignedIn(await signIn(deps, visitor, input)),
    refresh: async ({ refreshToken }, visitor) =>
      presentSignedIn(await refresh(deps, visitor, refreshToken)),
    signInConsole: async (input, visitor) => {
      const { person, session, token } = await signInConsole(deps, visitor, input)
      visitor.setCookie(token, session.expiresAt)
      return { person: presentPerson(person), session: presentSession(session, session.id) }
    },
  }
}

const presentSignedIn = (opened: DeviceSession): SignedIn => ({
  accessToken: opened.accessToken,
  accessExpiresAt: opened.accessExpiresAt.toISOString(),
  refreshToken: opened.refreshToken,
  person: presentPerson(opened.person),
  session: presentSession(opened.session, opened.session.id),
})
