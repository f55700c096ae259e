import type { Access, AccessRoom, Identity } from '../access/index.ts'
import { type AppError, forbidden } from '../contract/errors.ts'
import type { KindRef, Place } from '../contract/place.ts'
import type { ViewQuery } from '../contract/views.ts'
import { askFor } from '../policies/ask.ts'
import { ownNamespace } from '../policies/scope.ts'
import { decideView } from '../policies/views.ts'
import { isNamespaces } from './asking.ts'
import { isOfCluster } from './cluster-kinds.ts'

/** What one person may see of a kind in one place. */
export interface SourceRight {
  readonly source: number
  readonly place: Place
  readonly access: Access
  readonly grantIds: readonly string[]
  /** The whole cluster but some namespaces, or named ones only. */
  readonly reach:
    | { readonly status: 'all'; readonly except: readonly string[] }
    | { readonly status: 'only'; readonly namespaces: readonly string[] }
  /** Namespaces that were asked for and are refused. */
  readonly refused: readonly { readonly namespace: string; readonly reason: string }[]
}

export interface SourceRefusal {
  readonly source: number
  readonly place: Place
  readonly error: AppError
}

export type SourceAnswer = SourceRight | SourceRefusal

export const isRefusal = (it: SourceAnswer): it is SourceRefusal => 'error' in it

interface Asking {
  readonly access: Pick<AccessRoom, 'accessFor'>
  readonly identity: Identity
  readonly now: number
}

/** What a person may see of what a view asks for, as their rights are at this moment. */
export function rightsFor(query: ViewQuery, asking: Asking): Promise<SourceAnswer[]> {
  return Promise.all(
    query.sources.map((place, source) => rightFor(query, { place, source }, asking)),
  )
}

async function rightFor(
  query: ViewQuery,
  { place, source }: { readonly place: Place; readonly source: number },
  { access: room, identity, now }: Asking,
): Promise<SourceAnswer> {
  const answer = await room.accessFor(identity, place.cluster, place.profile)
  if (answer.status !== 'access') {
    const error = forbidden(
      `You hold no grant on the profile "${place.profile}" of the cluster "${place.cluster}". Ask an administrator of the gateway for one.`,
    )
    return { source, place, error }
  }
  const { access } = answer
  const found = reachOf(query, access, now)
  if ('reason' in found) return { source, place, error: forbidden(found.reason) }
  return { source, place, access, ...found }
}

type Found = Pick<SourceRight, 'grantIds' | 'reach' | 'refused'> | { readonly reason: string }

function reachOf(query: ViewQuery, access: Access, now: number): Found {
  const whole = mayRead(query, access, undefined, now)
  const asked = isOfCluster(query) && !isNamespaces(query) ? undefined : query.namespaces
  if (whole.status === 'allowed' && asked === undefined) {
    const closed = [ownNamespace, access.keeperNamespace ?? ownNamespace]
    const except = [...new Set(closed)].filter(
      (it) => mayRead(query, access, it, now).status === 'refused',
    )
    return { grantIds: whole.grantIds, reach: { status: 'all', except }, refused: [] }
  }
  if (whole.status === 'refused' && isOfCluster(query) && !isNamespaces(query))
    return { reason: whole.reason }
  return namedReach(query, asked ?? namedIn(access), { access, now, whole })
}

function namedReach(
  query: ViewQuery,
  names: readonly string[],
  { access, now, whole }: { access: Access; now: number; whole: ReturnType<typeof mayRead> },
): Found {
  const grantIds = new Set<string>()
  const namespaces: string[] = []
  const refused: { namespace: string; reason: string }[] = []
  for (const namespace of new Set(names)) {
    const decision = mayRead(query, access, namespace, now)
    if (decision.status === 'refused') {
      refused.push({ namespace, reason: decision.reason })
      continue
    }
    namespaces.push(namespace)
    for (const id of decision.grantIds) grantIds.add(id)
  }
  const [first] = refused
  if (namespaces.length === 0)
    return { reason: first?.reason ?? (whole.status === 'refused' ? whole.reason : 'no namespace') }
  return {
    grantIds: [...grantIds],
    reach: { status: 'only', namespaces: namespaces.sort() },
    // Without a question for it, a namespace that is out of reach is no news.
    refused: query.namespaces === undefined ? [] : refused,
  }
}

const namedIn = (access: Access): string[] => [
  ...new Set(access.scopes.flatMap((it) => it.scope.namespaces ?? [])),
]

type ReadDecision =
  | { readonly status: 'allowed'; readonly grantIds: readonly string[] }
  | { readonly status: 'refused'; readonly reason: string }

/** A view lists and watches: it needs both. */
function mayRead(
  kind: KindRef,
  access: Access,
  namespace: string | undefined,
  now: number,
): ReadDecision {
  const { group, version, resource } = kind
  const place = isNamespaces(kind) ? { name: namespace } : { namespace }
  const grantIds = new Set<string>()
  for (const verb of ['list', 'watch']) {
    const decision = decideView(askFor({ verb, group, version, resource, ...place }), access, now)
    if (decision.status === 'refused') return decision
    for (const id of decision.grantIds) grantIds.add(id)
  }
  return { status: 'allowed', grantIds: [...grantIds] }
}
