import type { RightRule } from '#gateway/rights.ts'

/** Kinds with which the same may be done. */
export interface PermissionLine {
  /** `all`, `read` for get, list and watch together, then the others as the cluster names them. */
  readonly verbs: readonly string[]
  /** `deployments.apps`, `pods/log`; `*` and `*.apps` for everything. */
  readonly kinds: readonly string[]
  /** Empty: whatever its name. */
  readonly names: readonly string[]
}

const order = ['read', 'get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
const rank = (verb: string) => (order.includes(verb) ? order.indexOf(verb) : order.length)

/** The rules of a cluster for reading: each kind once, and together what may be done alike. */
export function permissionLines(rules: readonly RightRule[]): readonly PermissionLine[] {
  // Whoever may do everything need not read what else they may.
  if (rules.some(isEverything)) return [{ verbs: ['all'], kinds: ['*'], names: [] }]
  const byKind = new Map<string, { kind: string; names: string[]; verbs: Set<string> }>()
  for (const { verbs, groups, resources, names } of rules)
    for (const kind of groups.flatMap((group) => resources.map((it) => kindOf(it, group)))) {
      const key = JSON.stringify([kind, [...names].sort(byText)])
      const known = byKind.get(key) ?? { kind, names, verbs: new Set() }
      for (const verb of verbs) known.verbs.add(verb)
      byKind.set(key, known)
    }
  const lines = new Map<string, { verbs: string[]; kinds: string[]; names: readonly string[] }>()
  for (const { kind, names, verbs } of byKind.values()) {
    const words = verbWords(verbs)
    const key = JSON.stringify([words, [...names].sort(byText)])
    const line = lines.get(key) ?? { verbs: words, kinds: [], names }
    line.kinds.push(kind)
    lines.set(key, line)
  }
  return [...lines.values()]
    .map((it) => ({ ...it, kinds: withoutCovered(it.kinds).sort(byText) }))
    .sort((a, b) => a.names.length - b.names.length || widthOf(b) - widthOf(a))
}

/** What everything of its group says already. */
function withoutCovered(kinds: readonly string[]): string[] {
  const every = new Set(kinds.filter((it) => it.startsWith('*.')))
  return kinds.filter((it) => every.has(it) || !every.has(`*.${groupOf(it)}`))
}

function groupOf(kind: string): string {
  const [name = ''] = kind.split('/')
  const dot = name.indexOf('.')
  return dot < 0 ? 'core' : name.slice(dot + 1)
}

const isEverything = ({ verbs, groups, resources, names }: RightRule) =>
  [verbs, groups, resources].every((it) => it.includes('*')) && names.length === 0

/** Whoever may do more comes first; all is more than anything that can be counted. */
const widthOf = ({ verbs }: PermissionLine) => (verbs.includes('all') ? 1000 : verbs.length)

function verbWords(verbs: ReadonlySet<string>): string[] {
  if (verbs.has('*')) return ['all']
  const reading = ['get', 'list', 'watch']
  const reads = reading.every((it) => verbs.has(it))
  const others = [...verbs].filter((it) => !(reads && reading.includes(it)))
  return [...(reads ? ['read'] : []), ...others].sort((a, b) => rank(a) - rank(b) || byText(a, b))
}

/** `pods/log` of a group is `pods.apps/log`, as kubectl writes it. */
function kindOf(resource: string, group: string): string {
  if (group === '') return resource === '*' ? '*.core' : resource
  if (group === '*') return resource
  const [kind = '', subresource] = resource.split('/')
  return `${kind}.${group}${subresource === undefined ? '' : `/${subresource}`}`
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
