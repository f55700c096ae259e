import type { GrantedScope } from '../access/index.ts'
import type { Capability, Scope, ScopeRule } from '../contract/grants.ts'
import { capabilities, capabilityOf } from './capabilities.ts'
import { ownNamespace } from './scope.ts'

/** One rule of a SelfSubjectRulesReview. */
export interface ResourceRule {
  readonly verbs: readonly string[]
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
}

interface Cut {
  readonly rules: ResourceRule[]
  /** What wildcards in the rules do not include. */
  readonly withheld: Capability[]
}

interface Rights {
  readonly scopes: readonly GrantedScope[]
  readonly keeperNamespace?: string | null
}

/** The cluster’s rules for a profile in a namespace, cut down to what the grants cover there. */
export function cutToScopes(
  rules: readonly ResourceRule[],
  { scopes: granted, keeperNamespace }: Rights,
  namespace: string,
): Cut | 'too many' {
  const scopes = scopesIn({ scopes: granted, keeperNamespace: keeperNamespace ?? null }, namespace)
  if (areTooMany(rules, scopes)) return 'too many'
  const cut = scopes.map((scope) => cutRules(rules, scope))
  return {
    rules: cut.flatMap((it) => it.rules),
    withheld: [...new Set(cut.flatMap((it) => it.withheld))],
  }
}

/** The scopes that are in force in a namespace. */
export function scopesIn({ scopes, keeperNamespace }: Rights, namespace: string): Scope[] {
  const now = Date.now()
  if (namespace === ownNamespace || namespace === keeperNamespace) return []
  return scopes
    .filter((it) => it.expires === undefined || it.expires.getTime() > now)
    .map((it) => it.scope)
    .filter((it) => it.namespaces?.includes(namespace) ?? true)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The `resourceRules` of an answer, whatever else is in it. */
export function readRules(value: unknown): ResourceRule[] {
  const list = (it: unknown): string[] =>
    Array.isArray(it) ? it.filter((item) => typeof item === 'string') : []
  return (Array.isArray(value) ? value : []).filter(isObject).map((rule) => ({
    verbs: list(rule['verbs']),
    apiGroups: list(rule['apiGroups']),
    resources: list(rule['resources']),
    ...(list(rule['resourceNames']).length > 0 && { resourceNames: list(rule['resourceNames']) }),
  }))
}

/** Each group of a rule is looked at with each resource, under each rule of each scope. */
const mostCombinations = 500_000

/** A cluster can write in a few bytes what would occupy the gateway for minutes. */
function areTooMany(given: readonly ResourceRule[], scopes: readonly Scope[]): boolean {
  const within = scopes
    .flatMap((it) => it.rules)
    .reduce((sum, it) => sum + (it.resources?.length ?? 1), 0)
  const count = given.reduce(
    (sum, it) => sum + it.apiGroups.length * it.resources.length * (weightOf(it) + within),
    0,
  )
  return count > mostCombinations
}

/** Its verbs, and its names and their letters: they are compared once for each group and resource. */
function weightOf({ verbs, resourceNames = [] }: ResourceRule): number {
  const letters = [...verbs, ...resourceNames].reduce((sum, it) => sum + it.length, 0)
  return verbs.length + resourceNames.length + Math.floor(letters / 64)
}

function cutRules(given: readonly ResourceRule[], scope: Scope) {
  const rules: ResourceRule[] = []
  const withheld = new Set<Capability>()
  for (const rule of given)
    for (const group of rule.apiGroups)
      for (const resource of rule.resources) {
        const missing = resource.includes('*')
          ? capabilities.filter((it) => !scope.capabilities.includes(it))
          : []
        const cut = scope.rules.flatMap((it) =>
          cutRule({ ...rule, apiGroups: [group], resources: [resource] }, it, scope),
        )
        if (cut.length > 0) missing.forEach((it) => withheld.add(it))
        rules.push(...cut)
      }
  return { rules: merge(rules), withheld: [...withheld] }
}

/** One resource of one rule of the cluster, within one rule of the scope. */
function cutRule(given: ResourceRule, within: ScopeRule, scope: Scope): ResourceRule[] {
  const [group = ''] = given.apiGroups
  const [resource = ''] = given.resources
  const capability = resource.includes('*') ? undefined : capabilityFor(group, resource)
  if (capability !== undefined && !scope.capabilities.includes(capability)) return []
  const verbMatters = capability === undefined || capability === 'secrets'
  const verbs = verbMatters && within.verbs ? intersect(given.verbs, within.verbs) : given.verbs
  if (verbs.length === 0) return []
  if (!within.resources) return [{ ...given, verbs }]
  return within.resources.flatMap((text) => {
    const named = parse(text)
    if (group !== '*' && group !== named.group) return []
    const narrowed = narrow(resource, named.resource)
    return narrowed === undefined
      ? []
      : [{ ...given, verbs, apiGroups: [named.group], resources: [narrowed] }]
  })
}

const intersect = (given: readonly string[], wanted: readonly string[]) =>
  given.includes('*') ? [...wanted] : given.filter((it) => wanted.includes(it))

function parse(text: string): { group: string; resource: string } {
  const [kind = '', subresource] = text.split('/')
  const dot = kind.indexOf('.')
  const resource = dot < 0 ? kind : kind.slice(0, dot)
  return {
    group: dot < 0 ? '' : kind.slice(dot + 1),
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
  }
}

/** What two names of resources have in common, where they have anything. */
function narrow(given: string, wanted: string): string | undefined {
  if (given === '*' || given === wanted) return wanted
  const [kind = '', subresource] = wanted.split('/')
  if (subresource === '*' && given.startsWith(`${kind}/`)) return given
  if (given.startsWith('*/') && subresource === given.slice(2)) return wanted
  return undefined
}

function capabilityFor(group: string, text: string): Capability | undefined {
  const [resource = '', subresource = ''] = text.split('/')
  return capabilityOf({
    kind: 'resource',
    verb: 'create',
    apiPrefix: '',
    group,
    version: '',
    namespace: '',
    resource,
    subresource,
    name: '',
    parts: [],
  })
}

/** Rules alike but for their resource are shown as one, as the cluster shows them. */
function merge(rules: readonly ResourceRule[]): ResourceRule[] {
  const byRest = new Map<string, { rule: ResourceRule; resources: Set<string> }>()
  for (const rule of rules) {
    const key = JSON.stringify([rule.verbs, rule.apiGroups, rule.resourceNames])
    const found = byRest.get(key)
    if (found) rule.resources.forEach((it) => found.resources.add(it))
    else byRest.set(key, { rule, resources: new Set(rule.resources) })
  }
  return [...byRest.values()].map(({ rule, resources }) => ({ ...rule, resources: [...resources] }))
}
