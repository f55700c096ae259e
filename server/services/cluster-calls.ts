import type { AccessRoom, Access } from '../access/index.ts'
import { AppError, invalidField } from '../contract/errors.ts'
import { ApiGroup, ApiVersion, InNamespace, ObjectName, ResourceName } from '../contract/place.ts'
import type { KubernetesObject, Place } from '../contract/place.ts'
import { askFor, isMisread, type Ask } from '../policies/ask.ts'
import type { About, Announced, ClusterActor } from '../policies/caller.ts'
import { decide, isSelfReview, type Decision } from '../policies/scope.ts'
import { forKeysOnly } from '../policies/secret-keys.ts'
import {
  callJson,
  upstreamError,
  type CallAnswer,
  type Spent,
  type Upstreams,
} from '../proxy/upstream/index.ts'
import { refusalOf, refusedCredential, unreadable } from './cluster-answers.ts'

export interface ClusterDeps {
  readonly access: AccessRoom
  readonly upstreams: Upstreams
  readonly limits: Places
}

/** The places of people and clusters, counted together with what kubectl asks. */
export interface Places {
  /** Gives back how the place is given back. @throws AppError rate_limited */
  enter(access: Access, kind: 'request' | 'survey'): () => void
}

/** Exactly one thing of the Kubernetes API. The path and the verb follow from it and from nothing else. */
export interface Address {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string | undefined
  readonly namespace?: string | undefined
  readonly name?: string | undefined
}

export interface ClusterRequest extends Address {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Keys are ours, never a person’s; `watch` is not among them. */
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly contentType?: string
  readonly accept?: string
  /** Text comes back as a string: logs. */
  readonly reads?: 'json' | 'text'
  /** 8 MiB unless said. */
  readonly limitBytes?: number
  /** The caller takes the values out of a Secret: its plain verb is enough, without the capability. */
  readonly keysOnly?: boolean
  /** Recorded before it travels though it changes nothing: a Secret’s value is handed out. */
  readonly recorded?: boolean
  /** Further verbs that must be allowed: a server-side apply also creates. */
  readonly also?: readonly string[]
  /** The name that the body gives what it creates, where no path tells it. */
  readonly creates?: string
  /** Statuses of 400 and above that are handed back instead of thrown. */
  readonly accepts?: readonly number[]
  /** Further words for the audit record of a change; never a value of a Secret. */
  readonly detail?: Readonly<Record<string, string>>
}

/** What of a request decides whether it may be made. */
type Wanted = Pick<ClusterRequest, keyof Address | 'method' | 'also' | 'creates' | 'keysOnly'>

export interface ClusterAnswer {
  readonly status: number
  readonly body: KubernetesObject
}

/** One identity in one cluster, as one person may use it during one operation. */
export interface PlaceCaller {
  readonly place: Place
  /** As the grants are now. @throws AppError forbidden when there are none any more. */
  rights(): Promise<Access>
  /** Does what holds many whole objects at a time, of which only so much is done at once. @throws AppError rate_limited */
  survey<T>(work: () => Promise<T>): Promise<T>
  /** What the scopes say of something, as a question: nothing is sent and nothing recorded. */
  judge(ask: Ask): Promise<Decision>
  /** Throws what `call` would throw for want of a right, and records it; sends nothing. */
  permit(request: Wanted): Promise<void>
  /**
   * Decides on exactly what is sent, announces a change in the audit log, sends it, and names what went wrong.
   * @throws AppError forbidden, not_found, conflict, invalid_input, rate_limited, bad_gateway, gateway_timeout
   */
  call(request: ClusterRequest): Promise<ClusterAnswer>
  /** As `call`, for text. */
  text(request: ClusterRequest): Promise<string>
  /** Discovery, OpenAPI, version; the path is ours. */
  read(path: string, options?: ReadOptions): Promise<ClusterAnswer>
}

export type ReadOptions = Pick<ClusterRequest, 'accept' | 'limitBytes' | 'accepts' | 'query'>

/**
 * The one way in which an operation of the console asks a cluster anything.
 * @throws AppError forbidden, in the words of the proxy, when the person has no grant there.
 */
export async function openPlace(
  { access: room, upstreams, limits }: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile }: Place,
): Promise<PlaceCaller> {
  actor.about({ cluster, profile })
  await rights()
  let described = false

  /** Asked for each call: grants may end while an operation with many calls is under way. */
  async function rights(): Promise<Access> {
    const answer = await room.accessFor(actor.identity, cluster, profile)
    if (answer.status === 'access') return answer.access
    // The same words for a cluster that does not exist: names of clusters are not to be guessed here.
    throw new AppError(
      'forbidden',
      `"${actor.name}" has no grant on the profile "${profile}" of "${cluster}" (what there is: gatehouse kubeconfig)`,
    )
  }

  async function admit(request: Wanted): Promise<{ access: Access; about: About }> {
    const access = await rights()
    const scopes = request.keysOnly === true ? forKeysOnly(access.scopes) : access.scopes
    const first = askFor({ ...request, verb: verbOf(request) })
    const { verb, group, resource, subresource, namespace, name } = first
    const about: About = { cluster, profile, verb, group, resource, subresource, namespace, name }
    const { creates } = request
    const created = creates === undefined ? undefined : { names: [creates], generated: [] }
    let grants: readonly string[] = []
    for (const asked of [first, ...(request.also ?? []).map((it) => ({ ...first, verb: it }))]) {
      const decision = decide(asked, { ...access, scopes }, Date.now(), created)
      if (decision.status === 'refused') {
        const error = new AppError(
          'forbidden',
          `"${actor.name}" with profile "${profile}" may not do this: ${decision.reason}`,
        )
        await actor.refused({ ...about, verb: asked.verb }, error)
        throw error
      }
      grants = decision.grantIds
    }
    const known = { ...about, grants: [...grants] }
    // An operation is about the first thing that it asks; what it asks besides is not its subject.
    if (!described) actor.about(known)
    described = true
    return { access, about: known }
  }

  async function send(request: ClusterRequest): Promise<CallAnswer> {
    const path = pathOf(request)
    const { access, about } = await admit(request)
    const announced = isAnnounced(request)
      ? await actor.announce({ ...about, ...(request.detail && { detail: request.detail }) })
      : undefined
    const at = withQuery(path, request.query)
    const answer = await exchange(access, at, request, announced).catch(async (cause: unknown) => {
      const error = upstreamError(cluster, cause)
      await announced?.ended({ result: 'failed', reason: error.message }, error)
      throw error
    })
    const error = faultOf(request, answer)
    await announced?.ended(endOf(request, answer), error)
    if (error) throw error
    return answer
  }

  async function exchange(
    access: Access,
    path: string,
    request: Partial<ClusterRequest>,
    announced?: Announced,
  ): Promise<CallAnswer> {
    const { method = 'GET', body, contentType, accept, reads } = request
    const leave = limits.enter(access, 'request')
    try {
      const spent = await upstreams.spend(access)
      const answer = await ask(spent)
      if (answer.status !== 401) return answer
      const fresh = await upstreams.renew(access, spent)
      const second = fresh && (await ask(fresh))
      if (!second || second.status === 401) throw refusedCredential(cluster, profile)
      return second
    } finally {
      leave()
    }

    function ask({ target, authorization }: Spent) {
      return callJson(target, {
        method,
        path,
        token: authorization.slice('Bearer '.length),
        timeout: deadline,
        limitBytes: request.limitBytes ?? usualLimit,
        ...(body !== undefined && { body }),
        ...(contentType !== undefined && { contentType }),
        ...(accept !== undefined && { accept }),
        ...(reads !== undefined && { reads }),
        headers: ['Audit-Id', announced?.id ?? actor.requestId, 'X-Forwarded-For', actor.source],
      })
    }
  }

  function faultOf(
    request: Pick<ClusterRequest, 'accepts'> & Partial<Address>,
    answer: CallAnswer,
  ): AppError | undefined {
    const isExpected = answer.status < 300 || request.accepts?.includes(answer.status) === true
    return isExpected ? undefined : refusalOf({ cluster, profile }, request, answer)
  }

  function whole({ status, body }: CallAnswer): ClusterAnswer {
    if (isRecord(body)) return { status, body }
    if (status < 300) throw unreadable(cluster)
    return { status, body: {} }
  }

  return {
    place: { cluster, profile },
    rights,
    survey: async (work) => {
      const leave = limits.enter(await rights(), 'survey')
      try {
        return await work()
      } finally {
        leave()
      }
    },
    judge: async (ask) => decide(askFor(ask), await rights(), Date.now()),
    permit: async (request) => {
      pathOf(request)
      await admit(request)
    },
    call: async (request) => whole(await send(request)),
    text: async (request) => {
      const { body } = await send({ ...request, reads: 'text' })
      return typeof body === 'string' ? body : ''
    },
    read: async (path, options = {}) => {
      const access = await rights()
      const decision = decide({ kind: 'nonresource', verb: 'get', path }, access, Date.now())
      if (decision.status === 'refused') throw new AppError('forbidden', decision.reason)
      const at = withQuery(path, options.query)
      const answer = await exchange(access, at, options).catch((cause: unknown) => {
        throw upstreamError(cluster, cause)
      })
      const error = faultOf(options, answer)
      if (error) throw error
      return whole(answer)
    },
  }
}

/** Milliseconds until an answer must be whole. That nobody answers at all is noticed long before. */
const deadline = 30_000
const usualLimit = 8 * 1024 * 1024

const verbs = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const

/** As kube-apiserver names it, from nothing but what is sent. */
export function verbOf({ method, name }: Pick<ClusterRequest, 'method' | 'name'>): string {
  if (method === 'GET') return name === undefined ? 'list' : 'get'
  if (method === 'DELETE' && name === undefined) return 'deletecollection'
  return verbs[method]
}

/** A review asks what one may do; it makes nothing. */
const isAnnounced = (request: ClusterRequest): boolean =>
  request.recorded === true ||
  (request.method !== 'GET' && !isSelfReview(askFor({ ...request, verb: verbOf(request) })))

/**
 * The path of an address. Every part is checked here as well, because some come from documents and answers
 * and not from a parsed input.
 * @throws AppError invalid_input
 */
export function pathOf(address: Address): string {
  const { group, version, resource, subresource, namespace, name } = address
  if (isMisread(address)) throw invalidField('resource', `"${resource}" is no kind of object there`)
  part('group', ApiGroup, group)
  const steps = [
    part('version', ApiVersion, version),
    ...(namespace === undefined ? [] : ['namespaces', part('namespace', InNamespace, namespace)]),
    part('resource', ResourceName, resource),
    ...(name === undefined ? [] : [part('name', ObjectName, name)]),
    ...(subresource === undefined ? [] : [part('subresource', ResourceName, subresource)]),
  ]
  if (subresource !== undefined && name === undefined) throw invalidField('name', 'is missing')
  return `${group === '' ? '/api' : `/apis/${group}`}/${steps.map(encodeURIComponent).join('/')}`
}

interface Checks {
  safeParse(value: unknown): { readonly success: boolean }
}

function part(field: string, schema: Checks, value: string): string {
  if (!schema.safeParse(value).success)
    throw invalidField(field, `"${value.slice(0, 100)}" cannot be part of a path`)
  return value
}

const withQuery = (path: string, query: ClusterRequest['query']): string =>
  query === undefined ? path : `${path}?${new URLSearchParams(query).toString()}`

/** What a Secret’s refusal says may quote it, so that only its kind is kept. */
function endOf({ resource, group }: ClusterRequest, { status, body }: CallAnswer) {
  if (status < 400) return { result: 'allowed', status } as const
  const word = group === '' && resource === 'secrets' ? 'reason' : 'message'
  const said = isRecord(body) ? body[word] : undefined
  return {
    result: 'failed',
    status,
    reason: typeof said === 'string' ? said : `the cluster answered ${status}`,
  } as const
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
