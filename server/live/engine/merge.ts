type Compare<T> = (a: T, b: T) => number

/** Two ordered lists as one; made for few that join many. */
export function merge<T>(known: readonly T[], arrived: readonly T[], compare: Compare<T>): T[] {
  const merged: T[] = []
  let at = 0
  for (const it of arrived) {
    // Most of a long list is passed over without a comparison each.
    const end = placeOf(known, it, compare, at)
    for (; at < end; at += 1) merged.push(known[at] as T)
    merged.push(it)
  }
  for (; at < known.length; at += 1) merged.push(known[at] as T)
  return merged
}

/** The first place from `low` on whose item comes after this one. */
function placeOf<T>(known: readonly T[], it: T, compare: Compare<T>, low: number): number {
  // Where many join many, the place is near.
  let step = 1
  let from = low
  let to = low
  while (to < known.length && compare(known[to] as T, it) <= 0) {
    from = to + 1
    to = from + step
    step *= 2
  }
  to = Math.min(to, known.length)
  while (from < to) {
    const middle = (from + to) >> 1
    if (compare(known[middle] as T, it) <= 0) from = middle + 1
    else to = middle
  }
  return from
}
