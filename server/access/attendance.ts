import type { Changes } from './changes.ts'
import type { Identity } from './identity.ts'
import type { SessionCache } from './session-cache.ts'
import type { StreamEnd } from './streams.ts'

/** Whoever is connected without spending a right at the moment: their session’s end is theirs too. */
export interface Attendance {
  /**
   * Calls `close` once when the session ends, its person does, or the policy’s longest time is over. Returns its
   * own end. A session that has ended since its identity was made closes it in the next microtask.
   */
  attend(identity: Identity, close: (reason: StreamEnd) => void): () => void
  sessionIds(): Iterable<string>
}

interface Guest {
  readonly identity: Identity
  readonly close: (reason: StreamEnd) => void
  timer: NodeJS.Timeout | undefined
}

interface Options {
  readonly changes: Changes
  readonly sessions: Pick<SessionCache, 'live'>
  readonly streamSeconds: number
  readonly now: () => number
}

// A longer delay would overflow and fire at once.
const longestTimer = 2 ** 31 - 1

export function createAttendance({ changes, sessions, streamSeconds, now }: Options): Attendance {
  const guests = new Set<Guest>()

  changes.on(({ kind, id }) => {
    if (kind !== 'session' && kind !== 'person') return
    for (const guest of guests) {
      if (guest.identity[kind].id === id)
        close(guest, kind === 'session' ? 'session ended' : 'person removed')
    }
  })

  function close(guest: Guest, reason: StreamEnd): void {
    if (forget(guest)) guest.close(reason)
  }

  function forget(guest: Guest): boolean {
    clearTimeout(guest.timer)
    return guests.delete(guest)
  }

  function arm(guest: Guest, deadline: number): void {
    const left = deadline - now()
    guest.timer = setTimeout(
      () => {
        if (deadline <= now()) close(guest, 'expired')
        else arm(guest, deadline)
      },
      Math.min(Math.max(left, 0), longestTimer),
    ).unref()
  }

  /** Ended between the making of the identity and now; or it cannot be known, which is no reason to stay. */
  async function ask(guest: Guest): Promise<void> {
    try {
      await sessions.live(guest.identity.session.id)
    } catch {
      close(guest, 'session ended')
    }
  }

  return {
    attend(identity, onEnd) {
      const guest: Guest = { identity, close: onEnd, timer: undefined }
      guests.add(guest)
      const { expiresAt } = identity.session
      arm(guest, Math.min(expiresAt.getTime(), now() + streamSeconds * 1000))
      void ask(guest)
      return () => void forget(guest)
    },
    *sessionIds() {
      for (const { identity } of guests) yield identity.session.id
    },
  }
}
