import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Place } from '#gateway/place.ts'

/** The right of one terminal to one place, as long as that terminal lives. */
export interface Lease {
  readonly place: Place
  readonly isLive: () => boolean
  /** Adds something that ends with the lease; gives back what takes it out again. */
  hold(cut: () => void): () => void
  end(): void
}

/** Streams and requests of one terminal at a time; a runaway script is stopped here and not at the gateway. */
const mostHeld = 500

/**
 * Who may use the loopback: a token for each terminal, good for nothing else. Only their hashes are kept,
 * and all of them are compared, so that time tells nothing.
 */
export class Leases {
  readonly #live = new Map<Buffer, Lease>()

  grant(place: Place): { readonly token: string; readonly lease: Lease } {
    const token = randomBytes(32).toString('base64url')
    const hash = hashOf(token)
    const held = new Set<() => void>()
    const lease: Lease = {
      place,
      isLive: () => this.#live.has(hash),
      hold: (cut) => {
        if (!lease.isLive() || held.size >= mostHeld) {
          cut()
          return () => undefined
        }
        held.add(cut)
        return () => held.delete(cut)
      },
      end: () => {
        this.#live.delete(hash)
        for (const cut of held) cut()
        held.clear()
      },
    }
    this.#live.set(hash, lease)
    return { token, lease }
  }

  /** The lease that an `Authorization` header names. */
  find(authorization: string | undefined): Lease | undefined {
    const [, token] = /^Bearer ([\w-]{43})$/.exec(authorization ?? '') ?? []
    if (token === undefined) return undefined
    const hash = hashOf(token)
    let found: Lease | undefined
    for (const [known, lease] of this.#live) if (timingSafeEqual(known, hash)) found = lease
    return found
  }

  endAll(): void {
    for (const lease of this.#live.values()) lease.end()
  }
}

const hashOf = (token: string) => createHash('sha256').update(token).digest()
