import type { Change, Changes } from './changes.ts'

/**
 * Remembers what was told lately, so that whatever was read before a change and used after it is
 * noticed: a row that was on its way from the database, an Access whose stream opens a moment later.
 */
export interface ChangeLog {
  /** A point in time, counted in changes. */
  now(): number
  /** True when any of these was told after `since`, or when that can no longer be known. */
  toldSince(since: number, changes: readonly Change[]): boolean
}

const remembered = 10_000

export function createChangeLog(changes: Changes): ChangeLog {
  const last = new Map<string, number>()
  let count = 0
  let forgottenUpTo = 0

  changes.on((change) => {
    const key = keyOf(change)
    count += 1
    // Deleted first, so that the map stays in the order of telling.
    last.delete(key)
    last.set(key, count)
    if (last.size <= remembered) return
    const [oldest] = last
    if (!oldest) return
    last.delete(oldest[0])
    forgottenUpTo = oldest[1]
  })

  return {
    now: () => count,
    toldSince: (since, changes) =>
      since < forgottenUpTo || changes.some((change) => (last.get(keyOf(change)) ?? 0) > since),
  }
}

const keyOf = (change: Change) => `${change.kind}:${change.id}`
