import { z } from 'zod'
import { notFound } from '../contract/errors.ts'
import type { Kind } from '../contract/kinds.ts'
import type { Place } from '../contract/place.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { readAs } from './cluster-answers.ts'
import { openPlace, type ClusterDeps, type PlaceCaller } from './cluster-calls.ts'
import { preferred, type Discoveries } from './discovery.ts'

export interface KindDeps extends ClusterDeps {
  readonly discoveries: Discoveries
}

export async function listKinds(deps: KindDeps, actor: ClusterActor, where: Place) {
  const place = await openPlace(deps, actor, where)
  const { all, incomplete, version } = await deps.discoveries.of(place)
  return { kinds: preferred(all), incomplete: [...incomplete], version }
}

/** @throws AppError not_found when the cluster serves no such kind, also after it was asked again. */
export async function findKind(
  deps: KindDeps,
  actor: ClusterActor,
  { group, resource, ...where }: Place & { readonly group: string; readonly resource: string },
): Promise<Kind> {
  const place = await openPlace(deps, actor, where)
  const found = await lookUp(deps, place, (it) => it.group === group && it.resource === resource)
  if (!found) throw notFound(`The kind ${resource}${group && `.${group}`} of "${where.cluster}"`)
  return found
}

/** A kind that was registered a moment ago is found as well. */
export async function lookUp(
  { discoveries }: Pick<KindDeps, 'discoveries'>,
  place: PlaceCaller,
  fits: (kind: Kind) => boolean,
): Promise<Kind | undefined> {
  const { all } = await discoveries.of(place)
  return all.find(fits) ?? (await discoveries.of(place, { fresh: true })).all.find(fits)
}

const Paths = z.object({
  paths: z.record(z.string(), z.object({ serverRelativeURL: z.string() })),
})

type Document = Record<string, unknown>

/** Whole OpenAPI documents by what they hold; the same for every identity of a cluster. */
export interface Schemas {
  of(place: PlaceCaller, group: string, version: string): Promise<Document>
}

const mostSchemas = 24
const largestSchema = 16 * 1024 * 1024

export function createSchemas(): Schemas {
  const cache = new Map<string, Promise<Document>>()
  return {
    async of(place, group, version) {
      const name = group === '' ? `api/${version}` : `apis/${group}/${version}`
      const { paths } = readAs(Paths, (await place.read('/openapi/v3')).body, place.place)
      const url = Object.hasOwn(paths, name) ? paths[name]?.serverRelativeURL : undefined
      if (url === undefined)
        throw notFound(
          `The schema of ${group && `${group}/`}${version} in "${place.place.cluster}"`,
        )
      const load = async () =>
        (await place.read(`/openapi/v3/${name}`, { limitBytes: largestSchema })).body
      const hash = /[?&]hash=([A-Za-z0-9]+)/.exec(url)?.[1]
      if (hash === undefined) return load()
      const key = `${place.place.cluster} ${name} ${hash}`
      const document = cache.get(key) ?? load()
      cache.delete(key)
      cache.set(key, document)
      const [oldest] = cache.keys()
      if (cache.size > mostSchemas && oldest !== undefined) cache.delete(oldest)
      document.catch(() => cache.delete(key))
      return document
    },
  }
}

export async function readSchema(
  deps: ClusterDeps & { readonly schemas: Schemas },
  actor: ClusterActor,
  { group, version, ...where }: Place & { readonly group: string; readonly version: string },
): Promise<Document> {
  return deps.schemas.of(await openPlace(deps, actor, where), group, version)
}
