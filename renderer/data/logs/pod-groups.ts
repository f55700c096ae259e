import type { ObjectRef } from '#gateway/place.ts'
import { mostLogPods } from '#gateway/streams.ts'

/** Pods whose lines one pane shows. */
interface PodGroup {
  readonly first: ObjectRef
  readonly names: readonly string[]
  /** Pods that were chosen and that one stream has no room for. */
  readonly leftOut: number
}

/** One group for all pods of a namespace, so that their lines stand in order. */
export function podGroups(pods: readonly ObjectRef[]): PodGroup[] {
  const groups = new Map<string, { first: ObjectRef; names: string[] }>()
  for (const pod of pods) {
    const key = `${pod.cluster}@${pod.profile}/${pod.namespace ?? ''}`
    const group = groups.get(key) ?? { first: pod, names: [] }
    groups.set(key, group)
    group.names.push(pod.name)
  }
  return [...groups.values()].map(({ first, names }) => ({
    first,
    names: names.slice(0, mostLogPods),
    leftOut: Math.max(0, names.length - mostLogPods),
  }))
}
