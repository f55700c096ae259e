import type { Place } from '#gateway/place.ts'
import type { Freshness } from '#gateway/views.ts'
import type { ViewState } from '../../data/views.ts'

/** A kind that was asked for, and what the gateway said of it. */
export interface Asked {
  readonly resource: string
  readonly places: readonly Place[]
  readonly view: Pick<ViewState, 'status' | 'freshness'>
}

export type Gap = 'loading' | 'forbidden' | 'missing' | 'failed'

export interface Searched {
  /** Kinds of which at least one cluster’s objects were gone through. */
  readonly kinds: readonly string[]
  readonly clusters: readonly string[]
  /** Where nothing could be found, whatever there is; by reason and cluster. */
  readonly gaps: readonly {
    readonly why: Gap
    readonly cluster: string
    readonly kinds: string[]
  }[]
}

/** Which kinds of which clusters an answer speaks of. What is stale was searched as it was seen last. */
export function searchedOf(asked: readonly Asked[]): Searched {
  const kinds = new Set<string>()
  const clusters = new Set<string>()
  const gaps = new Map<string, { why: Gap; cluster: string; kinds: string[] }>()
  for (const { resource, places, view } of asked)
    for (const [source, { cluster }] of places.entries()) {
      const why = gapOf(view, source)
      if (why === undefined) {
        kinds.add(resource)
        clusters.add(cluster)
        continue
      }
      const key = `${why} ${cluster}`
      const gap = gaps.get(key) ?? { why, cluster, kinds: [] }
      gaps.set(key, gap)
      if (!gap.kinds.includes(resource)) gap.kinds.push(resource)
    }
  return { kinds: [...kinds], clusters: [...clusters], gaps: [...gaps.values()] }
}

/** A source may be told of in parts, a namespace each: one that was read is enough to have been searched. */
function gapOf({ status, freshness }: Asked['view'], source: number): Gap | undefined {
  if (status === 'failed') return 'failed'
  const parts = freshness.filter((it) => it.source === source)
  if (parts.some((it) => it.status === 'live' || wasRead(it))) return undefined
  const has = (status: Freshness['status']) => parts.some((it) => it.status === status)
  if (status === 'opening' || parts.length === 0 || has('loading')) return 'loading'
  if (has('stale') || has('relisting')) return 'failed'
  return has('forbidden') ? 'forbidden' : 'missing'
}

/** It has its rows still; without a moment it never had any. */
const wasRead = ({ status, since }: Freshness) =>
  (status === 'stale' || status === 'relisting') && since !== undefined
