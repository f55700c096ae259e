import type { AccessRoom, Identity } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { AppError } from '../contract/errors.ts'
import { decide, isSelfReview } from '../policies/scope.ts'
import type { Call } from './call.ts'
import { faultOfHead } from './exchange-heads.ts'
import { bearerOf } from './heads.ts'
import { valuesOf } from './raw-headers.ts'
import type { Refused } from './refused.ts'
import { requestInfo, type ResourceInfo } from './request-info.ts'
import type { Failure } from './status.ts'
import { parseTarget } from './target.ts'

export interface Gatekeepers {
  readonly access: AccessRoom
  readonly audit: Audit
  /** The gateway’s own cookies, which must never come along with a bearer. */
  readonly ownCookies: ReadonlySet<string>
  /** Checks the Host and Origin of a head. */
  readonly edge: (rawHeaders: readonly string[]) => Refused | undefined
}

export interface Incoming {
  readonly url: string
  readonly rawHeaders: readonly string[]
}

/**
 * Takes a call as far as the decision, without asking the cluster anything: who calls, by what right,
 * for exactly which object. Fills in the call; returns why it may not go on.
 */
export async function admit(
  keepers: Gatekeepers,
  call: Call,
  incoming: Incoming,
): Promise<Failure | undefined> {
  const { audit, access, edge, ownCookies } = keepers
  if (audit.state.status === 'failing') return auditFails
  const stranger = edge(incoming.rawHeaders)
  if (stranger) return failure(stranger)
  const target = parseTarget(incoming.url)
  if (target.status === 'refused') return failure(target)
  call.target = target
  call.applies = call.method === 'PATCH' && isApply(incoming.rawHeaders)

  const bearer = bearerOf(incoming.rawHeaders, ownCookies)
  if (bearer.status === 'none')
    return { code: 'unauthenticated', message: 'Sign in first, with: gatehouse login' }
  if (bearer.status === 'invalid') return failure(bearer)
  try {
    const identity = access.authenticate(bearer.token, 'gatehouse')
    call.identity = identity instanceof Promise ? await identity : identity
    const refusal = await chooseAccess(access, call, call.identity)
    if (refusal) return refusal
  } catch (error) {
    return failureOf(error)
  }
  const refusal = decideCall(call)
  if (refusal) return refusal
  const fault = faultOfHead(call, incoming.rawHeaders)
  return fault && failure(fault)
}

/**
 * Decides an admitted call once more, because its client could stretch the time since: a right that was taken
 * back while a body was on its way is not spent.
 */
export async function admitAgain(
  { access }: Pick<Gatekeepers, 'access'>,
  call: Call,
): Promise<Failure | undefined> {
  if (!call.identity) throw new Error('A call is admitted again only after it was admitted')
  try {
    return (await chooseAccess(access, call, call.identity)) ?? decideCall(call)
  } catch (error) {
    return failureOf(error)
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof AppError)) throw error
  return { code: error.code, message: error.message, retryAfter: error.retryAfter }
}

/** Without a time to try again: kubectl would wait for it ten times before it shows a word of this. */
export const auditFails: Failure = {
  code: 'unavailable',
  message:
    'The audit log cannot be written, so no cluster call is made. Ask an administrator of the gateway.',
}

/** A refusal of a head or target, as an answer. */
export const failure = ({ code, reason }: Pick<Refused, 'code' | 'reason'>): Failure => ({
  code,
  message: reason,
})

async function chooseAccess(room: AccessRoom, call: Call, { person, session }: Identity) {
  const { cluster, profile } = call.target ?? { cluster: '', profile: undefined }
  const asked = room.accessFor({ person, session }, cluster, profile)
  const answer = asked instanceof Promise ? await asked : asked
  switch (answer.status) {
    case 'access':
      call.access = answer.access
      return undefined
    case 'choose':
      return {
        code: 'invalid_input',
        message: `You have several profiles on "${cluster}": name one as ${answer.profiles.map((it) => `/k8s/${cluster}@${it}/`).join(' or ')}`,
        details: {
          causes: answer.profiles.map((it) => ({
            reason: 'FieldValueRequired',
            field: 'profile',
            message: it,
          })),
        },
      } satisfies Failure
    case 'none': {
      // The same words for a cluster that does not exist: names of clusters are not to be guessed here.
      const what =
        profile === undefined
          ? `the cluster "${cluster}"`
          : `the profile "${profile}" of "${cluster}"`
      return {
        code: 'forbidden',
        message: `"${person.name}" has no grant on ${what} (what there is: gatehouse kubeconfig)`,
      } satisfies Failure
    }
  }
}

function decideCall(call: Call): Failure | undefined {
  const { target, access } = call
  if (!target || !access) throw new Error('A call is decided after its access is known')
  const info = requestInfo(call.method, target.path, target.rawQuery)
  call.info = info
  if (info.kind === 'error') return { code: 'invalid_input', message: info.reason }
  const now = Date.now()
  const asked = decide(info, access, now, call.created)
  const creates = call.applies && info.kind === 'resource' && asked.status === 'allowed'
  const decision = creates ? decide({ ...info, verb: 'create' }, access, now) : asked
  if (decision.status === 'refused') {
    const who = `"${access.person.name}" with profile "${access.credential.profileName}"`
    return { code: 'forbidden', message: `${who} may not do this: ${decision.reason}` }
  }
  call.grantIds = decision.grantIds
  return undefined
}

const isApply = (rawHeaders: readonly string[]): boolean =>
  valuesOf(rawHeaders, 'content-type').some((it) => it.toLowerCase().includes('apply-patch'))

/** What is answered in the gateway, because the cluster would describe the credential and not the person. */
export const isReview = (info: Call['info']): info is ResourceInfo =>
  info?.kind === 'resource' && isSelfReview(info)
