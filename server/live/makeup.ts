import type { Freshness, ViewQuery } from '../contract/views.ts'
import type { Feeds, Lease } from './feeds.ts'
import type { Allowed, Makeup, Part } from './messages.ts'
import { isRefusal, type SourceAnswer, type SourceRight } from './rights.ts'

export interface Made {
  readonly makeup: Makeup
  readonly leases: readonly Lease[]
}

/** Finds the feeds that serve what a person may see; throws when there would be too many, and then holds none. */
export function makeUp(query: ViewQuery, answers: readonly SourceAnswer[], feeds: Feeds): Made {
  const parts: Part[] = []
  const leases: Lease[] = []
  const refused: Freshness[] = []
  try {
    for (const answer of answers) {
      if (isRefusal(answer)) {
        const { source, error } = answer
        refused.push({ source, status: 'forbidden', since: 0, reason: error.message })
        continue
      }
      addParts(query, answer, { feeds, parts, leases })
      for (const { namespace, reason } of answer.refused)
        refused.push({ source: answer.source, namespace, status: 'forbidden', since: 0, reason })
    }
  } catch (error) {
    for (const it of leases) it.release('kept')
    throw error
  }
  return { makeup: { parts, refused }, leases }
}

interface Into {
  readonly feeds: Feeds
  readonly parts: Part[]
  readonly leases: Lease[]
}

function addParts(query: ViewQuery, right: SourceRight, { feeds, parts, leases }: Into): void {
  const { source, access, reach } = right
  const { group, version, resource } = query
  const kind = { group, version, resource }
  const add = (namespace: string | undefined, allowed: Allowed, told: Part['told']) => {
    const lease = feeds.lease(access, { kind, namespace }, query.limit > 0 ? 'rows' : 'numbers')
    leases.push(lease)
    parts.push({ source, feed: lease.feed.id, allowed, told })
  }
  if (reach.status === 'all') add(undefined, reach, [undefined])
  else if (feeds.wide(access, kind)) add(undefined, reach, reach.namespaces)
  else for (const it of reach.namespaces) add(it, { status: 'only', namespaces: [it] }, [it])
}
