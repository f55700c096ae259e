/** Who is calling: a person through one of their open sessions. */
export interface Identity {
  readonly person: { readonly id: string; readonly name: string; readonly admin: boolean }
  readonly session: {
    readonly id: string
    readonly expiresAt: Date
    readonly kind: 'device' | 'console'
  }
}

/** What a token may be used for; one is never accepted for the other. */
export type Audience = 'gatehouse' | 'gatehouse-console'

/** Which kind of session carries which tokens. */
export const audienceOf = {
  device: 'gatehouse',
  console: 'gatehouse-console',
} as const satisfies Record<Identity['session']['kind'], Audience>
