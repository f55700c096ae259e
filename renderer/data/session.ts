import { create } from 'zustand'
import type { SessionState } from '#bridge/session.ts'
import { AppError, toErrorBody, type ErrorBody } from '#gateway/errors.ts'
import type { Person } from '#gateway/persons.ts'
import { desktop, gateway, onDesktop } from './bridge.ts'
import { onUnauthenticated, queries } from './queries.ts'
import { mayBeSignedIn, rememberSignedIn } from './session-hint.ts'

/** Who is signed in, and to which gateway. */
export type Session =
  | { readonly status: 'asking' }
  /** Desktop only: no gateway was ever chosen. */
  | { readonly status: 'no gateway' }
  | { readonly status: 'signed out'; readonly address: string; readonly reason?: string }
  | { readonly status: 'unreachable'; readonly address: string; readonly error: ErrorBody }
  | {
      readonly status: 'signed in'
      readonly address: string
      readonly person: Pick<Person, 'id' | 'name' | 'admin'>
      /** Desktop only: whether a restart asks for the password again. */
      readonly kept?: 'sealed' | 'memory'
      readonly trouble?: string
    }

export const useSession = create<Session>(() => ({ status: 'asking' }))

const become = (session: Session) => {
  const before = useSession.getState()
  useSession.setState(session, true)
  const changed = before.status === 'signed in' && !isSame(before, session)
  // Nothing that one person saw may be shown to the next.
  if (changed) queries.clear()
}

const isSame = (a: Session, b: Session) =>
  a.status === 'signed in' &&
  b.status === 'signed in' &&
  a.person.id === b.person.id &&
  a.address === b.address

/** Learns who is signed in and follows it; gives back the end of that. */
export function startSession(): () => void {
  const stopTold = onDesktop('session', (state) => {
    become(fromDesktop(state))
  })
  const stopRefused = onUnauthenticated(() => {
    if (useSession.getState().status !== 'signed in') return
    if (desktop) void askSession()
    else leave('ended')
  })
  void askSession()
  return () => {
    stopTold()
    stopRefused()
  }
}

export async function askSession(): Promise<void> {
  try {
    if (desktop) return become(fromDesktop(await desktop.session.state({})))
    if (!mayBeSignedIn()) return leave()
    const person = await gateway.persons.me({})
    rememberSignedIn(true)
    become({ status: 'signed in', address: here(), person })
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') return leave()
    become({ status: 'unreachable', address: here(), error: toErrorBody(error) })
  }
}

/** In a browser. The next visit does not ask who is signed in. */
function leave(reason?: string): void {
  rememberSignedIn(false)
  become({ status: 'signed out', address: here(), ...(reason !== undefined && { reason }) })
}

export async function signIn(credentials: { name: string; password: string }): Promise<void> {
  if (desktop) return become(fromDesktop(await desktop.session.signIn(credentials)))
  const { person } = await gateway.entry.signInConsole(credentials)
  rememberSignedIn(true)
  become({ status: 'signed in', address: here(), person })
}

export async function signOut(): Promise<void> {
  if (desktop) return become(fromDesktop(await desktop.session.signOut({})))
  await gateway.sessions.signOut({})
  leave()
}

function fromDesktop(state: SessionState): Session {
  switch (state.status) {
    case 'no gateway':
      return { status: 'no gateway' }
    case 'signed out': {
      const { address, reason } = state
      return { status: 'signed out', address, ...(reason && { reason }) }
    }
    case 'signed in': {
      const { address, person, kept, trouble } = state
      return { status: 'signed in', address, person, kept, ...(trouble && { trouble }) }
    }
  }
}

const here = () => window.location.host
