import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { conflict, notFound } from '../contract/errors.ts'
import { Selector, selectorText } from '../contract/label-selector.ts'
import type { Revision, workloads } from '../contract/workloads.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { readAs } from './cluster-answers.ts'
import { openPlace, type Address, type ClusterDeps, type PlaceCaller } from './cluster-calls.ts'
import { fieldManager } from './objects.ts'
import { readPages } from './pages.ts'
import { checkRolled } from './workloads.ts'

type Input = z.output<(typeof workloads)['revisions']['input']>

const words = z.record(z.string(), z.string()).default({})
const Template = z.record(z.string(), z.unknown())
type Template = z.output<typeof Template>

const Workload = z.object({
  metadata: z.object({ uid: z.string(), annotations: words }),
  spec: z.object({
    selector: Selector,
    template: Template,
    paused: z.boolean().default(false),
  }),
  status: z.object({ updateRevision: z.string().optional() }).default({}),
})
type Workload = z.output<typeof Workload>

const Owned = z.object({
  name: z.string(),
  creationTimestamp: z.string().default(''),
  annotations: words,
  ownerReferences: z
    .array(z.object({ uid: z.string(), controller: z.boolean().default(false) }))
    .default([]),
})

const ReplicaSet = z.object({ metadata: Owned, spec: z.object({ template: Template }) })
const ControllerRevision = z.object({
  metadata: Owned,
  revision: z.number().int(),
  data: z.object({ spec: z.object({ template: Template }) }),
})

/** A revision, and what was noted beside its template. */
interface Past extends Revision {
  readonly annotations: Readonly<Record<string, string>>
}

const revisionNote = 'deployment.kubernetes.io/revision'
const causeNote = 'kubernetes.io/change-cause'

export async function listRevisions(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, ...ref }: Input,
): Promise<Revision[]> {
  checkRolled(ref)
  const place = await openPlace(deps, actor, { cluster, profile })
  return readPast(place, ref, await readWorkload(place, ref))
}

async function readWorkload(place: PlaceCaller, ref: Address): Promise<Workload> {
  const { body } = await place.call({ method: 'GET', ...ref })
  return readAs(Workload, body, place.place)
}

async function readPast(place: PlaceCaller, ref: Address, workload: Workload): Promise<Past[]> {
  const past =
    ref.resource === 'deployments'
      ? await readReplicaSets(place, ref, workload)
      : await readControllerRevisions(place, ref, workload)
  return past.sort((a, b) => b.revision - a.revision)
}

/** What carries the workload’s labels and is its own. */
async function readOwned<T extends z.ZodType<{ metadata: z.output<typeof Owned> }>>(
  place: PlaceCaller,
  { namespace }: Address,
  { workload, resource, item }: { workload: Workload; resource: string; item: T },
): Promise<z.output<T>[]> {
  const kind = { group: 'apps', version: 'v1', resource, namespace }
  const query = { labelSelector: selectorText(workload.spec.selector) }
  const { items } = await readPages(place, kind, item, { query })
  return items.filter((it) =>
    it.metadata.ownerReferences.some(
      (owner) => owner.controller && owner.uid === workload.metadata.uid,
    ),
  )
}

async function readReplicaSets(place: PlaceCaller, ref: Address, workload: Workload) {
  const found = await readOwned(place, ref, { workload, resource: 'replicasets', item: ReplicaSet })
  const current = workload.metadata.annotations[revisionNote]
  return found.flatMap(({ metadata, spec }): Past[] => {
    const revision = Number(metadata.annotations[revisionNote])
    if (!Number.isSafeInteger(revision)) return []
    const template = withoutHash(spec.template)
    return [past(metadata, { revision, current: String(revision) === current, template })]
  })
}

async function readControllerRevisions(place: PlaceCaller, ref: Address, workload: Workload) {
  const found = await readOwned(place, ref, {
    workload,
    resource: 'controllerrevisions',
    item: ControllerRevision,
  })
  const newest = Math.max(...found.map((it) => it.revision))
  return found.map(({ metadata, revision, data }) => {
    const { updateRevision } = workload.status
    const current =
      updateRevision === undefined ? revision === newest : metadata.name === updateRevision
    const { $patch: _, ...template } = data.spec.template
    return past(metadata, { revision, current, template })
  })
}

function past(
  { annotations, creationTimestamp }: z.output<typeof Owned>,
  known: Pick<Past, 'revision' | 'current' | 'template'>,
): Past {
  const cause = annotations[causeNote]
  return {
    ...known,
    createdAt: creationTimestamp,
    images: imagesOf(known.template),
    annotations,
    ...(cause !== undefined && { cause }),
  }
}

const Images = z.object({
  spec: z.object({ containers: z.array(z.object({ image: z.string().default('') })) }),
})
const imagesOf = (template: Template): string[] =>
  Images.safeParse(template).data?.spec.containers.map((it) => it.image) ?? []

/** Its ReplicaSet marks a template with a label that the Deployment’s own does not have. */
function withoutHash(template: Template): Template {
  const metadata = Template.safeParse(template['metadata']).data ?? {}
  const { 'pod-template-hash': _, ...labels } = Template.safeParse(metadata['labels']).data ?? {}
  return { ...template, metadata: { ...metadata, labels } }
}

/** Gives a workload the template of an earlier revision, as `kubectl rollout undo` does. */
export async function rollBack(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, revision, ...ref }: Input & { readonly revision: number },
): Promise<{ message: string }> {
  checkRolled(ref)
  const place = await openPlace(deps, actor, { cluster, profile })
  await place.permit({ method: 'PATCH', ...ref })
  const workload = await readWorkload(place, ref)
  const what = `${ref.resource}/${ref.name}`
  if (workload.spec.paused)
    throw conflict(`${what} is paused: it is rolled back once it is resumed`)
  const wanted = (await readPast(place, ref, workload)).find((it) => it.revision === revision)
  if (!wanted) throw notFound(`The revision ${revision} of ${what}`)
  if (wanted.current || isDeepStrictEqual(wanted.template, workload.spec.template))
    throw conflict(`${what} is at revision ${revision} already`)
  await place.call({
    method: 'PATCH',
    ...ref,
    ...(ref.resource === 'deployments' ? toDeployment(workload, wanted) : toOther(wanted)),
    query: { fieldManager },
    detail: { revision: String(revision) },
  })
  return { message: `${what} goes back to revision ${revision}` }
}

/** Notes of the Deployment itself, which do not come back with an old template. */
const ownNotes: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionNote,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
])

function toDeployment({ metadata }: Workload, { template, annotations }: Past) {
  const own = Object.entries(metadata.annotations).filter(([key]) => ownNotes.has(key))
  const old = Object.entries(annotations).filter(([key]) => !ownNotes.has(key))
  return {
    contentType: 'application/json-patch+json',
    body: [
      { op: 'replace', path: '/spec/template', value: template },
      // Also where there were none: to add what exists is to replace it.
      { op: 'add', path: '/metadata/annotations', value: Object.fromEntries([...own, ...old]) },
    ],
  }
}

const toOther = ({ template }: Past) => ({
  contentType: 'application/strategic-merge-patch+json',
  body: { spec: { template: { ...template, $patch: 'replace' } } },
})
