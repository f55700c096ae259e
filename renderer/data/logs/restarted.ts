/** Whether a container has a life before this one, whose last lines the cluster still keeps. */
export function hasRestarted(
  status:
    | { readonly restartCount?: number; readonly lastState?: { readonly terminated?: unknown } }
    | undefined,
): boolean {
  return (status?.restartCount ?? 0) > 0 || status?.lastState?.terminated !== undefined
}

const parts = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses']

/** Whether any container of a pod has, or the one that is named; whatever the pod may look like. */
export function podHasRestarted(
  pod: Readonly<Record<string, unknown>>,
  container?: string,
): boolean {
  const status = Object(pod['status']) as Readonly<Record<string, unknown>>
  return parts.some((part) => {
    const list: unknown = status[part]
    if (!Array.isArray(list)) return false
    return list.some((it: unknown) => {
      const known = Object(it) as {
        readonly name?: unknown
        readonly restartCount?: number
        readonly lastState?: { readonly terminated?: unknown }
      }
      return (container === undefined || known.name === container) && hasRestarted(known)
    })
  })
}
