import { z } from 'zod'
import { AppError } from '../contract/errors.ts'
import type { metrics, Usage } from '../contract/metrics.ts'
import { parseQuantity } from '../contract/quantity.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { readAs } from './cluster-answers.ts'
import { openPlace, type ClusterDeps, type PlaceCaller } from './cluster-calls.ts'
import { listOf } from './list-of.ts'

type Input<Name extends keyof typeof metrics> = z.output<(typeof metrics)[Name]['input']>
type Answer = z.output<(typeof metrics)['nodes']['output']>

const Amounts = z.object({ cpu: z.string().default('0'), memory: z.string().default('0') })
const Measured = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  timestamp: z.string().default(''),
  usage: Amounts.optional(),
  containers: listOf(z.object({ name: z.string(), usage: Amounts })).default([]),
})
/** More than any cluster has nodes or pods. */
const mostMeasured = 100_000
const List = z.object({
  items: z.array(z.unknown()).max(mostMeasured).pipe(listOf(Measured)).default([]),
})
type Measured = z.output<typeof Measured>

const group = { group: 'metrics.k8s.io', version: 'v1beta1' } as const
/** Ten thousand pods take about 6 MB. */
const limitBytes = 32 * 1024 * 1024

export async function nodeMetrics(
  deps: ClusterDeps,
  actor: ClusterActor,
  where: Input<'nodes'>,
): Promise<Answer> {
  const place = await openPlace(deps, actor, where)
  return answer(() => readList(place, 'nodes'))
}

/** Namespaces that are asked one by one; more are asked all at once, where that is allowed. */
const mostApart = 8

export async function podMetrics(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, pods }: Input<'pods'>,
): Promise<Answer> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const namespaces = [...new Set(pods.map((it) => it.namespace))]
  const wanted = new Set(pods.map((it) => `${it.namespace}/${it.name}`))
  const everywhere =
    namespaces.length > mostApart &&
    (await place.judge({ verb: 'list', ...group, resource: 'pods' })).status === 'allowed'
  return answer(async () => {
    const lists = everywhere
      ? [await readList(place, 'pods')]
      : await eachOf(namespaces, (namespace) => readList(place, 'pods', namespace))
    return lists
      .flat()
      .filter(({ metadata }) => wanted.has(`${metadata.namespace ?? ''}/${metadata.name}`))
  })
}

async function eachOf<T>(
  namespaces: readonly string[],
  read: (namespace: string) => Promise<T>,
): Promise<T[]> {
  const all: T[] = []
  for (let from = 0; from < namespaces.length; from += mostApart)
    all.push(...(await Promise.all(namespaces.slice(from, from + mostApart).map(read))))
  return all
}

async function readList(
  place: PlaceCaller,
  resource: 'nodes' | 'pods',
  namespace?: string,
): Promise<Measured[]> {
  const { status, body } = await place.call({
    method: 'GET',
    ...group,
    resource,
    namespace,
    limitBytes,
    accepts: [404, 503],
  })
  if (status === 404)
    throw new Unmeasured(`the cluster "${place.place.cluster}" has no metrics server`)
  if (status === 503)
    throw new Unmeasured(`the metrics server of "${place.place.cluster}" does not answer`)
  return readAs(List, body, place.place).items
}

/** Nobody measures: an answer, not a failure. */
class Unmeasured extends Error {}

async function answer(read: () => Promise<Measured[]>): Promise<Answer> {
  try {
    const items = await read()
    const newest =
      items
        .map((it) => it.timestamp)
        .sort()
        .at(-1) ?? ''
    const at = newest === '' ? new Date().toISOString() : newest
    return { status: 'measured', at, items: items.map(present) }
  } catch (error) {
    if (error instanceof Unmeasured) return { status: 'unavailable', reason: error.message }
    if (error instanceof AppError && error.code === 'forbidden')
      return { status: 'unavailable', reason: error.message }
    throw error
  }
}

function present({ metadata, usage, containers }: Measured): Usage {
  const parts = containers.map((it) => ({ name: it.name, ...amounts(it.usage) }))
  const sum = (of: 'cpu' | 'memory') => parts.reduce((total, it) => total + it[of], 0)
  const { name, namespace } = metadata
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(usage ? amounts(usage) : { cpu: sum('cpu'), memory: sum('memory') }),
    containers: parts,
  }
}

const amounts = ({ cpu, memory }: z.output<typeof Amounts>) => ({
  cpu: parseQuantity(cpu, 1000) ?? 0,
  memory: parseQuantity(memory) ?? 0,
})
