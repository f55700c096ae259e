import { AppError } from '../contract/errors.ts'
import type { Call } from './call.ts'
import {
  forwardedHead,
  incomingHead,
  isRedirect,
  outgoingHead,
  type UpgradeProtocol,
} from './heads.ts'
import type { RawHeaders } from './raw-headers.ts'
import type { Refused } from './refused.ts'
import type { Spent } from './upstream/index.ts'

/** The whole request head for the cluster: what the client may say, then what only the gateway says. */
export function headForCluster(call: Call, spent: Spent, upgrade?: UpgradeProtocol): string[] {
  return outgoingHead(call.forwarded, {
    host: spent.target.host,
    authorization: spent.authorization,
    auditId: call.id,
    forwardedFor: call.source,
    ...(upgrade && { upgrade }),
  })
}

/**
 * Why the client’s head cannot travel: it impersonates, or readers would differ about it. Asked of every call,
 * also of those that are answered here, before anything is recorded as allowed. What may travel is kept.
 */
export function faultOfHead(call: Call, rawHeaders: RawHeaders): Refused | undefined {
  const head = forwardedHead(rawHeaders, isForProgram(call))
  if (head.status === 'refused') return head
  call.forwarded = head.headers
  return undefined
}

/** Whether the call is for a program behind `pods|services|nodes/proxy`, whose headers and bodies nobody can know. */
export const isForProgram = ({ info }: Call): boolean =>
  info?.kind === 'resource' && (info.subresource === 'proxy' || info.verb === 'proxy')

/** Path and query for the cluster: exactly the bytes that were decided on. */
export function pathForCluster(call: Call, spent: Spent): string {
  const { rawPath = '', rawQuery = '' } = call.target ?? {}
  return spent.target.basePath + rawPath + (rawQuery && `?${rawQuery}`)
}

/**
 * The response head for the client.
 * @throws AppError bad_gateway for a redirect or a head that cannot be passed on.
 */
export function headForClient(call: Call, status: number, rawHeaders: RawHeaders): string[] {
  const cluster = `The cluster "${call.target?.cluster ?? ''}"`
  if (isRedirect(status, rawHeaders))
    throw new AppError(
      'bad_gateway',
      `${cluster} answered with a redirect, which is never followed or passed on`,
    )
  const head = incomingHead(rawHeaders, { auditId: call.id, upgrade: status === 101 })
  if (head.status === 'refused')
    throw new AppError(
      'bad_gateway',
      `${cluster} gave an answer that cannot be passed on: ${head.reason}`,
    )
  // A 304 has no body: a type beside it would replace the type of what the client already has.
  return status === 304 ? without(head.headers, 'content-type') : head.headers
}

/** Raw pairs less one name, given in lower case. */
export function without(headers: readonly string[], name: string): string[] {
  return headers.filter((_, at) => headers[at - (at % 2)]?.toLowerCase() !== name)
}

/** What a person is told when the cluster refuses the gateway’s own credential. Not as a 401: signing in again would not help. */
export function credentialRefused(call: Call): AppError {
  const profile = call.access?.credential.profileName ?? ''
  return new AppError(
    'bad_gateway',
    `The cluster "${call.target?.cluster ?? ''}" refuses the credential of profile "${profile}". An administrator of the gateway must renew it.`,
  )
}
