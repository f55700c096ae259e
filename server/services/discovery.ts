import { z } from 'zod'
import { AppError } from '../contract/errors.ts'
import type { Kind } from '../contract/kinds.ts'
import { readAs } from './cluster-answers.ts'
import type { PlaceCaller } from './cluster-calls.ts'
import { listOf } from './list-of.ts'

/** What a cluster serves, as it was a moment ago. */
export interface Discovery {
  /** Every kind at every version, the preferred version of each first. */
  readonly all: readonly Kind[]
  /** Groups whose server did not answer. */
  readonly incomplete: readonly string[]
  /** Of the cluster: `v1.36.1`. */
  readonly version: string
}

export interface Discoveries {
  /** At most a few seconds old; `fresh` asks again unless somebody did this very second. */
  of(place: PlaceCaller, options?: { readonly fresh?: boolean }): Promise<Discovery>
}

interface Kept {
  readonly asked: number
  readonly discovery: Promise<Discovery>
}

/** Milliseconds. A kind that appears shows within one of these and one poll of the screen. */
const kept = 5000
const keptWhenFresh = 1000
const mostKept = 200

export function createDiscoveries(now = Date.now): Discoveries {
  // By credential and not by cluster: what one identity may discover is never shown to another.
  const cache = new Map<string, Kept>()
  return {
    async of(place, { fresh = false } = {}) {
      const { clusterId, credential } = await place.rights()
      const key = `${clusterId} ${credential.profileId}`
      const found = cache.get(key)
      if (found && now() - found.asked < (fresh ? keptWhenFresh : kept)) return found.discovery
      const mine: Kept = { asked: now(), discovery: discover(place) }
      cache.delete(key)
      cache.set(key, mine)
      const [oldest] = cache.keys()
      if (cache.size > mostKept && oldest !== undefined) cache.delete(oldest)
      mine.discovery.catch(() => {
        if (cache.get(key) === mine) cache.delete(key)
      })
      return mine.discovery
    },
  }
}

const aggregated = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',')

async function discover(place: PlaceCaller): Promise<Discovery> {
  const [core, named, version] = await Promise.all([
    place.read('/api', { accept: aggregated }),
    place.read('/apis', { accept: aggregated }),
    place.read('/version'),
  ])
  const { gitVersion } = readAs(Version, version.body, place.place)
  const isAggregated = [core, named].every(({ body }) => body['kind'] === 'APIGroupDiscoveryList')
  const groups = isAggregated
    ? [core, named].flatMap(({ body }) => readAs(GroupList, body, place.place).items.map(fromItem))
    : await discoverOneByOne(place, readAs(OldGroups, named.body, place.place).groups)
  return {
    all: groups.flatMap((it) => it.kinds),
    incomplete: [...new Set(groups.filter((it) => it.isMissing).map((it) => it.name))],
    version: gitVersion,
  }
}

const Version = z.object({ gitVersion: z.string() })
const words = listOf(z.string()).default([])

const GroupList = z.object({
  items: listOf(
    z.object({
      metadata: z.object({ name: z.string().default('') }).default({ name: '' }),
      versions: listOf(
        z.object({
          version: z.string(),
          freshness: z.string().default('Current'),
          resources: listOf(
            z.object({
              resource: z.string(),
              responseKind: z.object({ kind: z.string() }),
              scope: z.string(),
              singularResource: z.string().default(''),
              verbs: words,
              shortNames: words,
              categories: words,
              subresources: listOf(z.object({ subresource: z.string() })).default([]),
            }),
          ).default([]),
        }),
      ).default([]),
    }),
  ).default([]),
})

interface Group {
  readonly name: string
  readonly kinds: readonly Kind[]
  readonly isMissing: boolean
}

function fromItem({ metadata, versions }: z.output<typeof GroupList>['items'][number]): Group {
  const kinds = versions.flatMap(({ version, resources }) =>
    resources.map((it) => ({
      group: metadata.name,
      version,
      resource: it.resource,
      kind: it.responseKind.kind,
      singular: it.singularResource,
      shortNames: it.shortNames,
      categories: it.categories,
      namespaced: it.scope === 'Namespaced',
      verbs: it.verbs,
      subresources: it.subresources.map(({ subresource }) => subresource),
    })),
  )
  return { name: metadata.name, kinds, isMissing: versions.some((it) => it.freshness === 'Stale') }
}

const OldGroups = z.object({
  groups: listOf(
    z.object({
      name: z.string(),
      versions: listOf(z.object({ version: z.string() })),
      preferredVersion: z.object({ version: z.string() }).optional(),
    }),
  ).default([]),
})

const OldResources = z.object({
  resources: listOf(
    z.object({
      name: z.string(),
      singularName: z.string().default(''),
      namespaced: z.boolean(),
      kind: z.string(),
      verbs: words,
      shortNames: words,
      categories: words,
    }),
  ).default([]),
})

/** As clusters before 1.26 tell it: a call for each group and version. */
async function discoverOneByOne(
  place: PlaceCaller,
  named: z.output<typeof OldGroups>['groups'],
): Promise<Group[]> {
  const core = { name: '', versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } }
  const wanted = [core, ...named].flatMap(({ name, versions, preferredVersion }) =>
    versions
      .map(({ version }) => ({ name, version, isPreferred: version === preferredVersion?.version }))
      .sort((a, b) => Number(b.isPreferred) - Number(a.isPreferred)),
  )
  if (wanted.length > mostOldVersions)
    throw new AppError('bad_gateway', 'The cluster names more API groups than can be asked')
  const groups: Group[] = []
  for (const { name, version } of wanted) {
    const path = name === '' ? `/api/${version}` : `/apis/${name}/${version}`
    const { status, body } = await place.read(path, { accepts: [404, 500, 502, 503] })
    groups.push(
      status === 200
        ? { name, isMissing: false, kinds: fromResources(name, version, body, place) }
        : { name, isMissing: true, kinds: [] },
    )
  }
  return groups
}

const mostOldVersions = 200

function fromResources(
  group: string,
  version: string,
  body: Record<string, unknown>,
  { place }: PlaceCaller,
): Kind[] {
  const { resources } = readAs(OldResources, body, place)
  const subresources = new Map<string, string[]>()
  for (const { name: whole } of resources) {
    const slash = whole.indexOf('/')
    if (slash < 0) continue
    const parent = whole.slice(0, slash)
    const known = subresources.get(parent)
    if (known) known.push(whole.slice(slash + 1))
    else subresources.set(parent, [whole.slice(slash + 1)])
  }
  return resources
    .filter((it) => !it.name.includes('/'))
    .map(({ name, singularName, ...it }) => ({
      ...it,
      group,
      version,
      resource: name,
      singular: singularName,
      subresources: subresources.get(name) ?? [],
    }))
}

/** Each kind once, at the version that the cluster prefers. */
export function preferred(all: readonly Kind[]): Kind[] {
  const first = new Map<string, Kind>()
  for (const it of all) {
    const key = `${it.resource}.${it.group}`
    if (!first.has(key)) first.set(key, it)
  }
  return [...first.values()]
}
