import type { ClusterEvent, Reason } from '../../contract/objects.ts'
import type { KubernetesObject, Tone } from '../../contract/place.ts'
import type { Kind } from '../rows/projection.ts'

/** What an object is, and what stands around it as far as that is known. */
export interface Asked {
  readonly kind: Kind
  readonly object: KubernetesObject
  /** About this very object. */
  readonly events?: readonly ClusterEvent[] | undefined
  readonly related?: Related | undefined
}

export interface Related {
  /** Pods that a workload controls or a service selects. */
  readonly pods?: readonly KubernetesObject[] | undefined
  /** Slices of a service. */
  readonly endpointSlices?: readonly KubernetesObject[] | undefined
  /** Names of the services of the namespace. */
  readonly services?: readonly string[] | undefined
}

export interface Described {
  readonly tone: Tone
  readonly status: string
  /** Worst first. */
  readonly reasons: readonly Reason[]
}

/** How an object is, without why. */
export interface Status {
  readonly tone: Tone
  /** Empty where the kind has none. */
  readonly text: string
  readonly reason: string | undefined
}

/** Worst first, as people look for them. */
const order: readonly Tone[] = ['failed', 'warning', 'ending', 'progress', 'done', 'ok']

export const rankOf = (tone: Tone): number => order.indexOf(tone)

export const worstFirst = (reasons: readonly Reason[]): Reason[] =>
  [...reasons].sort((a, b) => rankOf(a.tone) - rankOf(b.tone))

/** What a cluster says is shown in part when it is an essay. */
const longest = 2000

export const reason = (tone: Tone, title: string, detail = '', about?: string): Reason => ({
  tone,
  title,
  detail: detail.trim().slice(0, longest),
  ...(about !== undefined && { about }),
})
