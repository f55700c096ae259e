/** Letters that the audit log keeps of one detail, and details of one record that are left for these. */
const longest = 256
const most = 12

/**
 * Names as details of an audit record, none cut in the middle: `namespaces`, `namespaces2`, … What does not fit
 * is counted, so that the record does not pass for whole.
 */
export function lookedAt(names: readonly string[]): Readonly<Record<string, string>> {
  const parts: string[] = []
  let told = 0
  for (const name of names) {
    const last = parts.at(-1)
    if (last !== undefined && last.length + name.length < longest)
      parts[parts.length - 1] = `${last},${name}`
    else if (parts.length < most) parts.push(name)
    else break
    told += 1
  }
  return {
    ...Object.fromEntries(
      parts.map((part, at) => [`namespaces${at === 0 ? '' : String(at + 1)}`, part]),
    ),
    ...(told < names.length && { namespacesMore: String(names.length - told) }),
  }
}
