import { z } from 'zod'
import { Selector, selectorText } from '../contract/label-selector.ts'
import type { Relation } from '../contract/objects.ts'
import type { KubernetesObject } from '../contract/place.ts'
import type { Related } from '../live/index.ts'
import { known } from './known-kinds.ts'
import { partOf, podSpecOf, usesOf, type PodUses } from './pod-uses.ts'
import { Json, metaOf, type Meta, type NamedKind, type Seeker } from './seeker.ts'
import { listOf, textsOf } from './list-of.ts'

/** An object that is described, with whoever asks for what stands around it. */
export interface Around {
  readonly seeker: Seeker
  readonly kind: NamedKind
  readonly object: KubernetesObject
  readonly meta: Meta
}

type Seek = (around: Around) => Promise<Related>

const nothing: Related = {}

/** The pods that a workload controls, directly or through what it makes. */
const seekWorkload: Seek = async (around) => {
  const { seeker, kind, object, meta } = around
  const query = selectorQuery(partOf(partOf(object, 'spec'), 'selector'))
  const owners = new Set([meta.uid])
  if (kind.resource === 'deployments') {
    const sets = await seeker.list(known.replicasets, { namespace: meta.namespace, query })
    for (const set of ownedBy(sets ?? [], owners)) {
      addObject(seeker, 'child', known.replicasets, set)
      owners.add(metaOf(set).uid)
    }
  }
  const listed = await seeker.list(known.pods, { namespace: meta.namespace, query })
  const pods = listed && ownedBy(listed, owners)
  for (const pod of pods ?? []) addObject(seeker, 'child', known.pods, pod)
  addUses(around, usesOf(podSpecOf(kind, object)))
  const labels = partOf(partOf(partOf(object, 'spec'), 'template'), 'metadata')
  await Promise.all([
    seekSelecting(around, labelsOf(partOf(labels, 'labels'))),
    seekAutoscalers(around),
  ])
  return { pods }
}

const seekPod: Seek = async (around) => {
  addUses(around, usesOf(podSpecOf(around.kind, around.object), around.meta.name))
  await seekSelecting(around, around.meta.labels)
  return nothing
}

const seekCronJob: Seek = async (around) => {
  const { seeker, kind, object, meta } = around
  const jobs = await seeker.list(known.jobs, { namespace: meta.namespace })
  for (const job of ownedBy(jobs ?? [], new Set([meta.uid])))
    addObject(seeker, 'child', known.jobs, job)
  addUses(around, usesOf(podSpecOf(kind, object)))
  return nothing
}

const seekService: Seek = async ({ seeker, object, meta }) => {
  const { namespace, name } = meta
  const labels = labelsOf(partOf(partOf(object, 'spec'), 'selector'))
  const isSelecting = Object.keys(labels).length > 0
  const [pods, endpointSlices, ingresses] = await Promise.all([
    isSelecting ? seeker.list(known.pods, { namespace, query: labelQuery(labels) }) : undefined,
    seeker.list(known.endpointslices, {
      namespace,
      query: labelQuery({ 'kubernetes.io/service-name': name }),
    }),
    seeker.list(known.ingresses, { namespace }),
  ])
  for (const pod of pods ?? []) addObject(seeker, 'selects', known.pods, pod)
  for (const ingress of ingresses ?? [])
    if (backendsOf(ingress).includes(name)) addObject(seeker, 'used by', known.ingresses, ingress)
  return { pods, endpointSlices }
}

const mostBackends = 10

const seekIngress: Seek = async ({ seeker, object, meta: { namespace } }) => {
  const services = await seeker.list(known.services, { namespace })
  const backends = backendsOf(object)
  for (const name of backends.slice(0, mostBackends)) {
    const service = services?.find((it) => metaOf(it).name === name)
    seeker.add('uses', known.services, { namespace, name, object: service })
    const labels = labelsOf(partOf(partOf(service, 'spec'), 'selector'))
    if (Object.keys(labels).length === 0) continue
    const pods = await seeker.list(known.pods, { namespace, query: labelQuery(labels) })
    for (const pod of pods ?? []) addObject(seeker, 'selects', known.pods, pod)
  }
  for (const name of tlsOf(object)) seeker.add('uses', known.secrets, { namespace, name })
  return { services: services?.map((it) => metaOf(it).name) }
}

/** Whatever pods take into themselves. */
const seekUsed: Seek = async ({ seeker, kind, object, meta: { namespace, name } }) => {
  const pods = await seeker.list(known.pods, { namespace })
  for (const pod of pods ?? []) {
    const uses = usesOf(podSpecOf(known.pods, pod), metaOf(pod).name)
    if (namesOf(kind, uses).includes(name)) addObject(seeker, 'used by', known.pods, pod)
  }
  if (kind.resource === 'secrets') {
    const ingresses = await seeker.list(known.ingresses, { namespace })
    for (const it of ingresses ?? [])
      if (tlsOf(it).includes(name)) addObject(seeker, 'used by', known.ingresses, it)
  }
  if (kind.resource === 'persistentvolumeclaims') {
    const spec = partOf(object, 'spec')
    addNamed(seeker, 'uses', known.persistentvolumes, partOf(spec, 'volumeName'))
    addNamed(seeker, 'uses', known.storageclasses, partOf(spec, 'storageClassName'))
  }
  return nothing
}

const seekVolume: Seek = ({ seeker, object }) => {
  const spec = partOf(object, 'spec')
  const claim = partOf(spec, 'claimRef')
  const namespace = textOf(partOf(claim, 'namespace'))
  const kind = known.persistentvolumeclaims
  if (namespace) addNamed(seeker, 'used by', kind, partOf(claim, 'name'), namespace)
  addNamed(seeker, 'uses', known.storageclasses, partOf(spec, 'storageClassName'))
  return Promise.resolve(nothing)
}

const seekNode: Seek = async ({ seeker, meta }) => {
  const query = { fieldSelector: `spec.nodeName=${meta.name}` }
  const pods = await seeker.list(known.pods, { query })
  for (const pod of pods ?? []) addObject(seeker, 'used by', known.pods, pod)
  return nothing
}

const seekAutoscaler: Seek = async ({ seeker, object, meta: { namespace } }) => {
  const target = partOf(partOf(object, 'spec'), 'scaleTargetRef')
  const kind = Object.values(known).find((it) => it.kind === partOf(target, 'kind'))
  const name = textOf(partOf(target, 'name'))
  if (!kind || !name) return nothing
  const found = await seeker.get(kind, name, namespace)
  seeker.add('uses', kind, { namespace, name, object: found })
  return nothing
}

/** Policies and budgets that are about some pods. */
const seekSelector =
  (field: string): Seek =>
  async ({ seeker, object, meta: { namespace } }) => {
    const query = selectorQuery(partOf(partOf(object, 'spec'), field))
    const pods = await seeker.list(known.pods, { namespace, query })
    for (const pod of pods ?? []) addObject(seeker, 'selects', known.pods, pod)
    return nothing
  }

const Subjects = listOf(
  z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }),
)

const seekBinding: Seek = ({ seeker, object, meta: { namespace } }) => {
  const role = partOf(object, 'roleRef')
  const isLocal = partOf(role, 'kind') === 'Role'
  const kind = isLocal ? known.roles : known.clusterroles
  addNamed(seeker, 'uses', kind, partOf(role, 'name'), isLocal ? namespace : undefined)
  const subjects = Subjects.safeParse(partOf(object, 'subjects'))
  for (const it of subjects.success ? subjects.data : [])
    if (it.kind === 'ServiceAccount') seeker.add('used by', known.serviceaccounts, it)
  return Promise.resolve(nothing)
}

/** Kinds that nobody here knows make things of these. */
const usualChildren = [
  known.deployments,
  known.statefulsets,
  known.daemonsets,
  known.jobs,
  known.services,
  known.pods,
]

const seekChildren: Seek = async ({ seeker, meta }) => {
  if (meta.namespace === undefined) return nothing
  const owners = new Set([meta.uid])
  for (const kind of usualChildren) {
    const objects = await seeker.list(kind, { namespace: meta.namespace })
    for (const it of ownedBy(objects ?? [], owners)) addObject(seeker, 'child', kind, it)
  }
  return nothing
}

const seeks: ReadonlyMap<NamedKind, Seek> = new Map<NamedKind, Seek>([
  [known.pods, seekPod],
  [known.deployments, seekWorkload],
  [known.replicasets, seekWorkload],
  [known.statefulsets, seekWorkload],
  [known.daemonsets, seekWorkload],
  [known.replicationcontrollers, seekWorkload],
  [known.jobs, seekWorkload],
  [known.cronjobs, seekCronJob],
  [known.services, seekService],
  [known.ingresses, seekIngress],
  [known.configmaps, seekUsed],
  [known.secrets, seekUsed],
  [known.serviceaccounts, seekUsed],
  [known.persistentvolumeclaims, seekUsed],
  [known.persistentvolumes, seekVolume],
  [known.nodes, seekNode],
  [known.autoscalers, seekAutoscaler],
  [known.networkpolicies, seekSelector('podSelector')],
  [known.budgets, seekSelector('selector')],
  [known.rolebindings, seekBinding],
  [known.clusterrolebindings, seekBinding],
])

/** Finds what is below and beside an object, and gives what its reasons are found by. */
export function seekRelated(around: Around): Promise<Related> {
  const { group, resource } = around.kind
  const kind = Object.values(known).find((it) => it.group === group && it.resource === resource)
  const seek = kind ? seeks.get(kind) : seekChildren
  return seek?.(around) ?? Promise.resolve(nothing)
}

/** Services that lead to pods with such labels. */
async function seekSelecting({ seeker, meta }: Around, labels: Labels): Promise<void> {
  if (Object.keys(labels).length === 0) return
  const services = await seeker.list(known.services, { namespace: meta.namespace })
  for (const service of services ?? []) {
    const selector = Object.entries(labelsOf(partOf(partOf(service, 'spec'), 'selector')))
    if (selector.length > 0 && selector.every(([key, value]) => labels[key] === value))
      addObject(seeker, 'selected by', known.services, service)
  }
}

async function seekAutoscalers({ seeker, kind, meta }: Around): Promise<void> {
  const all = await seeker.list(known.autoscalers, { namespace: meta.namespace })
  for (const it of all ?? []) {
    const target = partOf(partOf(it, 'spec'), 'scaleTargetRef')
    if (partOf(target, 'kind') === kind.kind && partOf(target, 'name') === meta.name)
      addObject(seeker, 'used by', known.autoscalers, it)
  }
}

function addUses({ seeker, meta: { namespace } }: Around, uses: PodUses): void {
  const { configMaps, secrets, claims, serviceAccount, node, priorityClass } = uses
  for (const name of configMaps) seeker.add('uses', known.configmaps, { namespace, name })
  for (const name of secrets) seeker.add('uses', known.secrets, { namespace, name })
  for (const name of claims) seeker.add('uses', known.persistentvolumeclaims, { namespace, name })
  addNamed(seeker, 'uses', known.serviceaccounts, serviceAccount, namespace)
  addNamed(seeker, 'uses', known.priorityclasses, priorityClass)
  addNamed(seeker, 'runs on', known.nodes, node)
}

const namesOf = ({ resource }: NamedKind, uses: PodUses): readonly (string | undefined)[] => {
  if (resource === 'configmaps') return uses.configMaps
  if (resource === 'secrets') return uses.secrets
  return resource === 'serviceaccounts' ? [uses.serviceAccount] : uses.claims
}

function addNamed(
  seeker: Seeker,
  relation: Relation['relation'],
  kind: NamedKind,
  ...[name, namespace]: [name: unknown, namespace?: string]
): void {
  if (typeof name === 'string' && name !== '') seeker.add(relation, kind, { namespace, name })
}

function addObject(
  seeker: Seeker,
  relation: Relation['relation'],
  kind: NamedKind,
  object: KubernetesObject,
): void {
  const { name, namespace } = metaOf(object)
  seeker.add(relation, kind, { namespace, name, object })
}

const ownedBy = (objects: readonly KubernetesObject[], owners: ReadonlySet<string>) =>
  objects.filter((it) => metaOf(it).owners.some(({ uid }) => owners.has(uid)))

type Labels = Readonly<Record<string, string>>

const Labels = textsOf

function labelsOf(value: unknown): Labels {
  const parsed = Labels.safeParse(value)
  return parsed.success ? parsed.data : {}
}

const labelQuery = (labels: Labels) => ({
  labelSelector: Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(','),
})

/** As a query; ReplicationControllers have plain labels. */
function selectorQuery(selector: unknown): Readonly<Record<string, string>> {
  const plain = Labels.safeParse(selector)
  if (plain.success) return labelQuery(plain.data)
  const parsed = Selector.safeParse(selector)
  return parsed.success ? { labelSelector: selectorText(parsed.data) } : {}
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

const Rules = listOf(z.object({ http: z.object({ paths: listOf(Json) }).nullish() }))

/** Services that an Ingress leads to. */
function backendsOf(ingress: KubernetesObject): string[] {
  const spec = partOf(ingress, 'spec')
  const rules = Rules.safeParse(partOf(spec, 'rules'))
  const paths = rules.success ? rules.data.flatMap((it) => it.http?.paths ?? []) : []
  const backends = [partOf(spec, 'defaultBackend'), ...paths.map((it) => partOf(it, 'backend'))]
  const names = backends.map((it) => textOf(partOf(partOf(it, 'service'), 'name')))
  return [...new Set(names)].filter((it) => it !== '')
}

const Tls = listOf(z.object({ secretName: z.string().default('') }))

function tlsOf(ingress: KubernetesObject): string[] {
  const tls = Tls.safeParse(partOf(partOf(ingress, 'spec'), 'tls'))
  return tls.success ? tls.data.map((it) => it.secretName).filter((it) => it !== '') : []
}
