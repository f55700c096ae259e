import { z } from 'zod'
import { AppError } from '../contract/errors.ts'
import type { Relation } from '../contract/objects.ts'
import type { KubernetesObject } from '../contract/place.ts'
import { ReadFailure, statusOf } from '../live/index.ts'
import type { PlaceCaller } from './cluster-calls.ts'
import { readPages } from './pages.ts'
import { partOf } from './pod-uses.ts'
import { listOf, textsOf } from './list-of.ts'

/** A kind with the name that its objects carry. */
export interface NamedKind {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly kind: string
}

/** Something of a kind, as far as it is known. */
interface Found {
  readonly namespace?: string | undefined
  readonly name: string
  readonly object?: KubernetesObject | undefined
}

/** Asks a cluster for what stands around an object; what may not be asked is remembered, not thrown. */
export interface Seeker {
  get(kind: NamedKind, name: string, namespace?: string): Promise<KubernetesObject | undefined>
  /** Undefined when it could not be asked. */
  list(kind: NamedKind, options: ListOptions): Promise<KubernetesObject[] | undefined>
  add(relation: Relation['relation'], kind: NamedKind, found: Found): void
  /** The worst first of each kind of relation, and whether there are more. */
  relations(): { relations: Relation[]; truncated: boolean }
  readonly unseen: ReadonlySet<string>
}

interface ListOptions {
  readonly namespace?: string | undefined
  readonly query?: Readonly<Record<string, string>>
}

/** Pages of 500 that are read of any list. */
const mostPages = 4
/** Relations that are shown. */
const mostRelations = 200

export const Json = z.record(z.string(), z.unknown())

export function createSeeker(place: PlaceCaller): Seeker {
  const unseen = new Set<string>()
  const found = new Map<string, Relation>()
  let isCut = false

  async function seen<T>(kind: NamedKind, ask: Ask<T>): Promise<T | undefined> {
    const { group, version, resource } = kind
    const { verb, name, namespace } = ask
    const decision = await place.judge({ verb, group, version, resource, name, namespace })
    if (decision.status === 'refused') {
      unseen.add(resource)
      return undefined
    }
    try {
      return await ask.call()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // What is not there is known; what could not be asked is not.
      if (error.code !== 'not_found') unseen.add(resource)
      return undefined
    }
  }

  return {
    unseen,
    get: (kind, name, namespace) =>
      seen(kind, {
        verb: 'get',
        name,
        namespace,
        call: async () =>
          (await place.call({ method: 'GET', ...addressOf(kind), namespace, name })).body,
      }),
    list: (kind, { namespace, query = {} }) =>
      seen(kind, {
        verb: 'list',
        namespace,
        call: async () => {
          const address = { ...addressOf(kind), namespace }
          const pages = await readPages(place, address, Json, { query, most: mostPages })
          if (pages.truncated) isCut = true
          return pages.items
        },
      }),
    add(relation, kind, { namespace, name, object }) {
      const key = [relation, kind.group, kind.resource, namespace ?? '', name].join(' ')
      if (found.get(key)?.uid !== undefined) return
      found.set(key, {
        ...addressOf(kind),
        kind: kind.kind,
        ...(namespace !== undefined && { namespace }),
        name,
        relation,
        ...(object && stateOf(kind, object)),
      })
    },
    relations: () => ({
      relations: [...found.values()].sort(byTone).slice(0, mostRelations),
      truncated: isCut || found.size > mostRelations,
    }),
  }
}

interface Ask<T> {
  readonly verb: 'get' | 'list'
  readonly name?: string | undefined
  readonly namespace?: string | undefined
  readonly call: () => Promise<T>
}

const addressOf = ({ group, version, resource }: NamedKind) => ({ group, version, resource })

function stateOf(kind: NamedKind, object: KubernetesObject): Partial<Relation> {
  const { uid } = metaOf(object)
  try {
    const { tone, text } = statusOf(kind, object)
    return { uid, tone, ...(text !== '' && { status: text }) }
  } catch (error) {
    // One that cannot be read is related all the same.
    if (error instanceof ReadFailure) return { uid }
    throw error
  }
}

const tones: readonly Relation['tone'][] = ['failed', 'warning', 'ending', 'progress']
const rankOf = ({ tone }: Relation) => (tones.includes(tone) ? tones.indexOf(tone) : tones.length)
const byTone = (a: Relation, b: Relation) => rankOf(a) - rankOf(b)

/** The metadata that relations are found by. */
export interface Meta {
  readonly uid: string
  readonly name: string
  readonly namespace: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly owners: readonly Owner[]
}

const Owner = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().default(false),
})
export type Owner = z.output<typeof Owner>

const Metadata = z.object({
  uid: z.string().default(''),
  name: z.string().default(''),
  namespace: z.string().optional(),
  labels: textsOf.default({}),
  ownerReferences: listOf(Owner).default([]),
})

export function metaOf(object: KubernetesObject): Meta {
  const parsed = Metadata.safeParse(partOf(object, 'metadata'))
  const { ownerReferences: owners, ...meta } = parsed.success ? parsed.data : Metadata.parse({})
  return { namespace: undefined, ...meta, owners }
}
