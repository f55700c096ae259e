import type { Capability, Scope, ScopeRule } from '../contract/grants.ts'
import type { GrantedScope } from '../access/index.ts'
import type { NonResourceInfo, RequestInfo, ResourceInfo } from '../proxy/request-info.ts'
import { capabilities, capabilityOf } from './capabilities.ts'

export type Decision =
  | { readonly status: 'allowed'; readonly grantIds: readonly string[] }
  | { readonly status: 'refused'; readonly reason: string }

/** Where the keeper and the profiles’ accounts live in each cluster; closed to everyone. */
export const ownNamespace = 'gatehouse-system'

interface Rights {
  readonly scopes: readonly GrantedScope[]
  /** Where a keeper that was registered by hand lives; as closed as our own. */
  readonly keeperNamespace?: string | null
}

/** What a creating body calls its object; no path tells it. */
export interface CreatedNames {
  readonly names: readonly string[]
  /** The cluster puts five characters behind it. */
  readonly generated: readonly string[]
}

/** Decides a cluster call by the scopes of one profile’s grants. They add up; none ever widens another. */
export function decide(
  info: RequestInfo,
  { scopes, keeperNamespace }: Rights,
  now: number,
  created?: CreatedNames,
): Decision {
  if (info.kind === 'error') return refused(info.reason)
  const live = scopes.filter((it) => it.expires === undefined || it.expires.getTime() > now)
  if (info.kind === 'nonresource') return decideNonResource(info, live)
  const keeper = keeperNamespace ?? ownNamespace
  const own = touchesOwn(info, keeper) ?? (created && createsOwn(info, created, keeper))
  if (own) return refused(own)
  const kept = endsProtected(info)
  if (kept) return refused(kept)
  if (isSelfReview(info)) return allowed(live)
  const fitting = live.filter((it) => fits(info, it.scope))
  return fitting.length > 0 ? allowed(fitting) : refused(whyNot(info, live))
}

const refused = (reason: string): Decision => ({ status: 'refused', reason })
const allowed = (scopes: readonly GrantedScope[]): Decision =>
  scopes.length > 0
    ? { status: 'allowed', grantIds: scopes.map((it) => it.grantId) }
    : refused('no grant is in force')

const openPaths =
  /^\/(api|api\/v1|apis|apis\/[^/]+|apis\/[^/]+\/[^/]+|openapi\/v2|openapi\/v3(\/[^?]*)?|version|(healthz|livez|readyz)(\/[^?]*)?)\/?$/

function decideNonResource(
  { verb, path }: NonResourceInfo,
  live: readonly GrantedScope[],
): Decision {
  if ((verb === 'get' || verb === 'head') && openPaths.test(path)) return allowed(live)
  return refused(`${verb} ${path} is closed: only discovery, OpenAPI, version and health are open`)
}

/** Asking what one may do is open to whoever may do anything, as it is in Kubernetes. */
export const isSelfReview = ({ verb, group, resource, subresource }: ResourceInfo): boolean =>
  verb === 'create' &&
  subresource === '' &&
  ((group === 'authorization.k8s.io' &&
    (resource === 'selfsubjectaccessreviews' || resource === 'selfsubjectrulesreviews')) ||
    (group === 'authentication.k8s.io' && resource === 'selfsubjectreviews'))

const readVerbs = new Set(['get', 'list', 'watch'])

function touchesOwn(
  { namespace, group, resource, name, verb }: ResourceInfo,
  keeperNamespace: string,
): string | undefined {
  const isOwn = (it: string) => it === ownNamespace || it === keeperNamespace
  const closed = `the gateway’s own accounts (${ownNamespace}, gatehouse:*) are closed to everyone`
  if (isOwn(namespace)) return closed
  if (group === '' && resource === 'namespaces' && isOwn(name)) return closed
  if (!bindsCluster(group, resource) || readVerbs.has(verb)) return undefined
  if (verb === 'deletecollection') return `${closed}; delete ${resource} by name`
  return name.startsWith('gatehouse:') ? closed : undefined
}

const bindsCluster = (group: string, resource: string) =>
  group === 'rbac.authorization.k8s.io' &&
  (resource === 'clusterroles' || resource === 'clusterrolebindings')

/** Whether only the body of a call tells if it makes one of the gateway’s own objects; they are known by name. */
export const isNamedByBody = ({ verb, group, resource, subresource }: ResourceInfo): boolean =>
  verb === 'create' &&
  subresource === '' &&
  ((group === '' && resource === 'namespaces') || bindsCluster(group, resource))

const generatedLength = 5

function createsOwn(
  info: ResourceInfo,
  { names, generated }: CreatedNames,
  keeperNamespace: string,
): string | undefined {
  const mayBecome = generated.flatMap((prefix) => [
    prefix,
    ...[ownNamespace, keeperNamespace].filter((it) => it.slice(0, -generatedLength) === prefix),
  ])
  return [...names, ...mayBecome]
    .map((name) => touchesOwn({ ...info, name }, keeperNamespace))
    .find((it) => it !== undefined)
}

/** Without these a cluster or the way to it does not work; nobody deletes them through the gateway. */
const protectedNamespaces: ReadonlySet<string> = new Set([
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kube-flannel',
])

function endsProtected({ group, resource, subresource, name, verb }: ResourceInfo) {
  if (group !== '' || resource !== 'namespaces' || subresource !== '') return undefined
  if (verb === 'deletecollection') return 'some namespaces are protected; delete them by name'
  return verb === 'delete' && protectedNamespaces.has(name)
    ? `the namespace "${name}" is protected: it is not deleted through this gateway`
    : undefined
}

/** Whether a scope withholds nothing of a namespace; of the whole cluster when that is empty. */
export const coversEverything = (scope: Scope, namespace: string): boolean =>
  (scope.namespaces?.includes(namespace) ?? true) &&
  scope.rules.some((it) => it.verbs === undefined && it.resources === undefined) &&
  capabilities.every((it) => scope.capabilities.includes(it))

/** Whether a scope covers a call: its namespace, its kind, and what it needs beyond a verb. */
function fits(info: ResourceInfo, scope: Scope): boolean {
  const capability = capabilityOf(info)
  if (capability !== undefined && !scope.capabilities.includes(capability)) return false
  return (
    coversNamespace(info, scope) && scope.rules.some((rule) => fitsRule(info, capability, rule))
  )
}

function coversNamespace(
  { namespace, group, resource, name }: ResourceInfo,
  scope: Scope,
): boolean {
  if (scope.namespaces === undefined) return true
  // A single namespace object is reached by its own name, also through an exact field selector.
  const place = namespace === '' && group === '' && resource === 'namespaces' ? name : namespace
  return place !== '' && scope.namespaces.includes(place)
}

function fitsRule(
  info: ResourceInfo,
  capability: Capability | undefined,
  rule: ScopeRule,
): boolean {
  // A named capability stands for its own verb: exec by GET or POST is neither reading nor creating.
  const verbMatters = capability === undefined || capability === 'secrets'
  if (verbMatters && !(info.verb !== '' && (rule.verbs?.includes(info.verb as never) ?? true)))
    return false
  return rule.resources?.some((it) => namesResource(it, info, capability)) ?? true
}

function namesResource(text: string, info: ResourceInfo, capability: Capability | undefined) {
  const [kind = '', subresource = ''] = text.split('/')
  const dot = kind.indexOf('.')
  const resource = dot < 0 ? kind : kind.slice(0, dot)
  const group = dot < 0 ? '' : kind.slice(dot + 1)
  if (resource !== info.resource || group !== info.group) return false
  if (subresource === '*' || subresource === info.subresource) return true
  return capability !== undefined && capability !== 'secrets' && subresource === ''
}

function whyNot(info: ResourceInfo, live: readonly GrantedScope[]): string {
  const what = describe(info)
  if (live.length === 0) return `${what}: no grant is in force`
  const capability = capabilityOf(info)
  const able = live.filter(
    (it) => capability === undefined || it.scope.capabilities.includes(capability),
  )
  if (able.length === 0)
    return `${what} needs the capability "${capability}", which no grant here names`
  if (!able.some((it) => coversNamespace(info, it.scope))) {
    const names = [...new Set(able.flatMap((it) => it.scope.namespaces ?? []))].sort()
    return `${what} is outside the scope of your grants; allowed namespaces: ${names.join(', ')}`
  }
  return `${what} is outside the verbs and resources of your grants`
}

function describe({ verb, resource, subresource, group, namespace }: ResourceInfo): string {
  const kind = `${resource}${group && `.${group}`}${subresource && `/${subresource}`}`
  const place = namespace === '' ? 'in the whole cluster' : `in namespace "${namespace}"`
  return `${verb || 'this method on'} ${kind} ${place}`
}
