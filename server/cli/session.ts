import type { SignedIn } from '../contract/entry.ts'
import type { DeviceSession } from './device.ts'

/** What is kept of a sign-in or a refresh. */
export function toSession(answer: SignedIn): DeviceSession {
  const { accessToken, accessExpiresAt, refreshToken, person, session } = answer
  return {
    id: session.id,
    person: person.name,
    accessToken,
    accessExpiresAt: byOurClock(accessToken) ?? accessExpiresAt,
    refreshToken,
  }
}

/** The token was made just now, so its length counts from now, whatever the gateway's clock says. */
function byOurClock(token: string): string | undefined {
  try {
    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    ) as Readonly<Record<string, unknown>>
    const length = Number(claims['exp']) - Number(claims['iat'])
    return length > 0 ? new Date(Date.now() + length * 1000).toISOString() : undefined
  } catch {
    return undefined
  }
}
