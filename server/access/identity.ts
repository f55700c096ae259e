/** Who is calling: a person through one of their open sessions. */
export interface Identity {
  readonly person: { readonly id: string; readonly name: string; readonly admin: boolean }
  readonly session: {
    readonly id: string
    readonly expiresAt: Date
    readonly kind: 'device' | 'console'
  }
}

/**
 * What a token may be used for; one is never accepted for the other. A cookie of the loopback listener has its
 * own purpose, because browsers send it to every port of the machine, a forwarded pod’s included.
 */
export type Audience = 'gatehouse' | ConsoleAudience
export type ConsoleAudience = 'gatehouse-console' | 'gatehouse-local'

/** Which kind of session carries which tokens. */
export const audiencesOf: Readonly<Record<Identity['session']['kind'], readonly Audience[]>> = {
  device: ['gatehouse'],
  console: ['gatehouse-console', 'gatehouse-local'],
}
