/** Reads the names of containers from a pod, whatever it may look like; those for debugging last. */
export function namesIn(pod: Readonly<Record<string, unknown>>): string[] {
  const spec = Object(pod['spec']) as Readonly<Record<string, unknown>>
  return ['containers', 'ephemeralContainers'].flatMap((part) => {
    const list: unknown = spec[part]
    if (!Array.isArray(list)) return []
    return list.flatMap((it: unknown) => {
      const { name } = Object(it) as { name?: unknown }
      return typeof name === 'string' ? [name] : []
    })
  })
}
