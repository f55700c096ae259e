import type { z } from 'zod'
import type { objects } from '../contract/objects.ts'
import type { KubernetesObject } from '../contract/place.ts'
import { describeObject, ReadFailure } from '../live/index.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { unreadable } from './cluster-answers.ts'
import { openPlace, type PlaceCaller } from './cluster-calls.ts'
import { readEvents } from './cluster-events.ts'
import { knownAs } from './known-kinds.ts'
import { lookUp, type KindDeps } from './kinds.ts'
import { partOf } from './pod-uses.ts'
import { seekRelated } from './relations.ts'
import { createSeeker, metaOf, type NamedKind, type Owner, type Seeker } from './seeker.ts'

type Input = z.output<(typeof objects)['describe']['input']>
type Answer = z.output<(typeof objects)['describe']['output']>

/**
 * How an object is, why it is not better, and what it belongs to. What may not be seen around it is named.
 * @throws AppError forbidden or not_found for the object itself
 */
export async function describe(deps: KindDeps, actor: ClusterActor, input: Input): Promise<Answer> {
  const { cluster, profile, group, version, resource, namespace, name } = input
  const place = await openPlace(deps, actor, { cluster, profile })
  const ref = { group, version, resource, namespace, name }
  const { body: object } = await place.call({ method: 'GET', ...ref, keysOnly: true })
  const kind: NamedKind = { group, version, resource, kind: String(partOf(object, 'kind')) }
  const seeker = createSeeker(place)
  const meta = metaOf(object)
  const [events, related] = await place.survey(() =>
    Promise.all([
      eventsOf(place, input, meta.uid),
      seekRelated({ seeker, kind, object, meta }),
      seekOwners({ deps, place, seeker }, object),
    ]),
  )
  try {
    const { tone, status, reasons } = describeObject({
      kind,
      object,
      events: events.events,
      related,
    })
    const { relations, truncated } = seeker.relations()
    return {
      tone,
      status,
      reasons: [...reasons],
      relations,
      ...(truncated && { truncated }),
      unseen: [...new Set([...seeker.unseen, ...(events.forbidden ? ['events'] : [])])],
    }
  } catch (cause) {
    if (!(cause instanceof ReadFailure)) throw cause
    throw Object.assign(unreadable(cluster), { cause })
  }
}

/** Events of an object of the whole cluster are in the namespace `default`. */
async function eventsOf(place: PlaceCaller, input: Input, uid: string) {
  const { namespace = 'default', resource, name } = input
  const ask = { verb: 'list', group: '', version: 'v1', resource: 'events', namespace }
  if (uid === '' || (await place.judge(ask)).status === 'refused')
    return { events: [], forbidden: true }
  // A kubelet knows its node by name only.
  const about = resource === 'nodes' ? { kind: 'Node', name } : { uid }
  return readEvents(place, { namespace, ...about })
}

interface OwnersAsk {
  readonly deps: KindDeps
  readonly place: PlaceCaller
  readonly seeker: Seeker
}

/** How far up owners are followed: a pod of a CronJob has two above it, operators put some on top. */
const mostLevels = 5

async function seekOwners(ask: OwnersAsk, object: KubernetesObject): Promise<void> {
  let current: KubernetesObject | undefined = object
  for (let level = 0; level < mostLevels && current; level++) {
    const { owners, namespace } = metaOf(current)
    let next: KubernetesObject | undefined
    for (const owner of owners.slice(0, 10)) {
      const found = await seekOwner(ask, owner, namespace)
      if (owner.controller) next = found
    }
    current = next
  }
}

async function seekOwner(
  { deps, place, seeker }: OwnersAsk,
  { apiVersion, kind: kindName, name, uid }: Owner,
  namespace: string | undefined,
): Promise<KubernetesObject | undefined> {
  const served = await lookUp(deps, place, (it) => {
    return it.kind === kindName && `${it.group}${it.group && '/'}${it.version}` === apiVersion
  })
  const kind: NamedKind | undefined = served ?? knownAs(apiVersion, kindName)
  if (!kind) return undefined
  const at = served && !served.namespaced ? undefined : namespace
  const object = await seeker.get(kind, name, at)
  // Another object of that name owns nothing here.
  const isSame = object !== undefined && metaOf(object).uid === uid
  seeker.add('owner', kind, { namespace: at, name, object: isSame ? object : undefined })
  return isSame ? object : undefined
}
