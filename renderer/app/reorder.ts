/** Puts one where another is: what lies between moves over by one, whichever way it goes. */
export function movedTo<T>(list: readonly T[], item: T, target: T): readonly T[] {
  const to = list.indexOf(target)
  if (to < 0 || !list.includes(item)) return list
  const rest = list.filter((it) => it !== item)
  return [...rest.slice(0, to), item, ...rest.slice(to)]
}

/** One place further or back; at the end of the list it stays. */
export function movedBy<T>(list: readonly T[], item: T, by: 1 | -1): readonly T[] {
  const target = list[list.indexOf(item) + by]
  return target === undefined || !list.includes(item) ? list : movedTo(list, item, target)
}
