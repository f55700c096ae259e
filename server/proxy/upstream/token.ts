import { decodeJwt } from 'jose'

/** What can be read of a bearer token without its key. All absent where it is not a JWT. */
export interface TokenClaims {
  readonly subject: string | undefined
  readonly issuedAt: Date | undefined
  readonly expiresAt: Date | undefined
}

/** Whether a text can travel in an Authorization header as a bearer token. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]{1,10000}$/.test(text)

/** Reads the claims only to show and compare them; the cluster is who verifies. */
export function readToken(token: string): TokenClaims {
  try {
    const { sub, iat, exp } = decodeJwt(token)
    return {
      subject: typeof sub === 'string' ? sub : undefined,
      issuedAt: moment(iat),
      expiresAt: moment(exp),
    }
  } catch {
    return { subject: undefined, issuedAt: undefined, expiresAt: undefined }
  }
}

function moment(seconds: unknown): Date | undefined {
  if (typeof seconds !== 'number') return undefined
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** A ServiceAccount by the subject of its token. */
export interface Account {
  readonly namespace: string
  readonly name: string
}

/** Whether a text is a ServiceAccount’s or namespace’s name and nothing more when put into a path. */
export const isAccountName = (text: string): boolean =>
  text.length <= 253 &&
  /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/.test(text)

export function accountOf(subject: string | undefined): Account | undefined {
  const [system, kind, namespace = '', name = '', ...rest] = (subject ?? '').split(':')
  if (system !== 'system' || kind !== 'serviceaccount' || rest.length > 0) return undefined
  return isAccountName(namespace) && isAccountName(name) ? { namespace, name } : undefined
}
