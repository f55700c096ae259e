import { z } from 'zod'
import { AppError } from '../contract/errors.ts'
import type { Place } from '../contract/place.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { unionOf } from '../policies/contexts.ts'
import { readAs } from './cluster-answers.ts'
import { openPlace, type ClusterDeps, type PlaceCaller } from './cluster-calls.ts'
import { fieldManager } from './objects.ts'
import { readPages } from './pages.ts'

const kind = { group: '', version: 'v1', resource: 'namespaces' } as const

const Namespace = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: z.string().optional() }),
  status: z.object({ phase: z.string().default('') }).default({ phase: '' }),
})

interface NamespaceItem {
  readonly name: string
  readonly status: string
  readonly createdAt?: string
}

export interface Namespaces {
  readonly canList: boolean
  readonly items: NamespaceItem[]
}

const present = ({ metadata, status }: z.output<typeof Namespace>): NamespaceItem => ({
  name: metadata.name,
  status: status.phase,
  ...(metadata.creationTimestamp !== undefined && { createdAt: metadata.creationTimestamp }),
})

/** All, or those that the person’s grants name when the cluster may not be asked for all. */
export async function listNamespaces(
  deps: ClusterDeps,
  actor: ClusterActor,
  where: Place,
): Promise<Namespaces> {
  const place = await openPlace(deps, actor, where)
  const decision = await place.judge({ verb: 'list', ...kind })
  if (decision.status === 'refused') return { canList: false, items: await named(place) }
  try {
    const { items } = await readPages(place, kind, Namespace, { most: 100 })
    return { canList: true, items: items.map(present) }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'forbidden') throw error
    return { canList: false, items: await named(place) }
  }
}

/** A scope may name two hundred; their state is asked of as many as fit on a screen. */
const mostAsked = 20

async function named(place: PlaceCaller): Promise<NamespaceItem[]> {
  const { scopes } = await place.rights()
  const names = unionOf(scopes).namespaces ?? []
  const asked = await Promise.all(names.slice(0, mostAsked).map((name) => stateOf(place, name)))
  const rest = names.slice(mostAsked).map((name) => ({ name, status: 'Unknown' }))
  return [...asked.filter((it) => it !== undefined), ...rest]
}

async function stateOf(place: PlaceCaller, name: string): Promise<NamespaceItem | undefined> {
  const decision = await place.judge({ verb: 'get', ...kind, name })
  if (decision.status === 'refused') return { name, status: 'Unknown' }
  const { status, body } = await place.call({
    method: 'GET',
    ...kind,
    name,
    accepts: [403, 404],
  })
  if (status === 404) return undefined
  return status === 200
    ? present(readAs(Namespace, body, place.place))
    : { name, status: 'Unknown' }
}

export async function createNamespace(
  deps: ClusterDeps,
  actor: ClusterActor,
  { name, ...where }: Place & { readonly name: string },
): Promise<{ message: string }> {
  const place = await openPlace(deps, actor, where)
  await place.call({
    method: 'POST',
    ...kind,
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    creates: name,
    query: { fieldManager },
    detail: { name },
  })
  return { message: `The namespace "${name}" was made` }
}
