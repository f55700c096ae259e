import { z } from 'zod'
import type { ClusterEvent, objects } from '../contract/objects.ts'
import { AppError } from '../contract/errors.ts'
import type { Place } from '../contract/place.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { unionOf } from '../policies/contexts.ts'
import { openPlace, type ClusterDeps, type PlaceCaller } from './cluster-calls.ts'
import { readPages } from './pages.ts'

type Input = z.output<(typeof objects)['events']['input']>
type Answer = z.output<(typeof objects)['events']['output']>

const time = z.string().nullish()

const Event = z.object({
  metadata: z.object({ namespace: z.string().optional(), creationTimestamp: time }),
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }),
  type: z.string().default(''),
  reason: z.string().default(''),
  message: z.string().default(''),
  count: z.number().int().nullish(),
  firstTimestamp: time,
  lastTimestamp: time,
  eventTime: time,
  series: z.object({ count: z.number().int().nullish(), lastObservedTime: time }).nullish(),
  source: z.object({ component: z.string().default(''), host: z.string().default('') }).nullish(),
  reportingComponent: z.string().default(''),
})

/** The most that are shown; the most pages that are read to find the newest. */
const mostShown = 500
const mostPages = 10
/** Namespaces that are asked one by one. */
const mostApart = 20

const resource = { group: '', version: 'v1', resource: 'events' } as const

/** Events about one object, or of a place, newest first. */
export async function listEvents(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, ...about }: Input,
): Promise<Answer> {
  return readEvents(await openPlace(deps, actor, { cluster, profile }), about)
}

/** The same for an operation that has asked the cluster other things before. */
export async function readEvents(
  place: PlaceCaller,
  { namespace, kind, name, uid }: Omit<Input, keyof Place>,
): Promise<Answer> {
  const about = { kind, name, uid }
  const selector = Object.entries(about)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `involvedObject.${field}=${escaped(value ?? '')}`)
    .join(',')
  try {
    const namespaces = namespace === undefined ? await reachOf(place) : [namespace]
    const options = { most: mostPages, ...(selector && { query: { fieldSelector: selector } }) }
    const lists = await Promise.all(
      namespaces
        .slice(0, mostApart)
        .map((it) => readPages(place, { ...resource, namespace: it }, Event, options)),
    )
    const events = lists
      .flatMap(({ items }) => items.map(present))
      .sort((a, b) => (moment(a) < moment(b) ? 1 : -1))
    const isTruncated =
      namespaces.length > mostApart || lists.some((it) => it.truncated) || events.length > mostShown
    return {
      events: events.slice(0, mostShown),
      forbidden: false,
      ...(isTruncated && { truncated: true }),
    }
  } catch (error) {
    // What happens around an object is beside it: the drawer stays whole without.
    if (error instanceof AppError && error.code === 'forbidden')
      return { events: [], forbidden: true }
    throw error
  }
}

/** The whole cluster, or else the namespaces that a scope names and in which events may be listed. */
async function reachOf(place: PlaceCaller): Promise<readonly (string | undefined)[]> {
  const may = async (namespace?: string) => {
    const decision = await place.judge({
      verb: 'list',
      ...resource,
      ...(namespace && { namespace }),
    })
    return decision.status !== 'refused'
  }
  if (await may()) return [undefined]
  const names = unionOf((await place.rights()).scopes).namespaces ?? []
  const reached: string[] = []
  for (const name of names) if (await may(name)) reached.push(name)
  // Where there is none, the call for all of them is refused in the usual words, and recorded.
  return reached.length > 0 ? reached : [undefined]
}

/** A comma or an equals sign would begin another selector. */
const escaped = (value: string) => value.replace(/[\\,=]/g, (it) => `\\${it}`)

const moment = ({ lastAt = '' }: ClusterEvent) => lastAt

function present(it: z.output<typeof Event>): ClusterEvent {
  const { metadata, involvedObject, type, reason, message, source } = it
  const names = [source?.component ?? it.reportingComponent, source?.host ?? '']
  return {
    type,
    reason,
    message,
    count: it.series?.count ?? it.count ?? 1,
    ...timesOf(it),
    object: `${involvedObject.kind}/${involvedObject.name}`,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    source: names.filter((part) => part !== '').join(' on '),
  }
}

/** Whoever reports writes one pair or the other; what repeats is counted in a series. */
function timesOf(it: z.output<typeof Event>): Pick<ClusterEvent, 'firstAt' | 'lastAt'> {
  const firstAt = it.firstTimestamp ?? it.eventTime ?? it.metadata.creationTimestamp
  const lastAt = it.series?.lastObservedTime ?? it.lastTimestamp ?? firstAt
  return {
    ...(typeof firstAt === 'string' && { firstAt }),
    ...(typeof lastAt === 'string' && { lastAt }),
  }
}
