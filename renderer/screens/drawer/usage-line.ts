import type { ObjectRef } from '#gateway/place.ts'
import { parseQuantity } from '#gateway/quantity.ts'
import type { UsageSample } from '../../data/usage.ts'
import type { ContainerSpec, Shape } from './shape.ts'

export type Measure = 'cpu' | 'memory'

/** What a usage is held against. */
export interface Bound {
  readonly kind: 'limit' | 'request' | 'capacity'
  /** In thousandths of a CPU, or bytes. */
  readonly amount: number
}

/** A pod’s limit when each of its containers has one, else what it requests; what a node has for pods. */
export function boundOf(
  { resource }: ObjectRef,
  { spec, status }: Shape,
  measure: Measure,
): Bound | undefined {
  const perUnit = measure === 'cpu' ? 1000 : 1
  // What is no quantity, and what is less than nothing, is no bound.
  const amountOf = (it: unknown) =>
    typeof it === 'string' ? Math.max(0, parseQuantity(it, perUnit) ?? 0) : 0
  if (resource === 'nodes') {
    const { allocatable } = (status ?? {}) as { allocatable?: Record<string, unknown> }
    return bound('capacity', amountOf(allocatable?.[measure]))
  }
  const containers = Array.isArray(spec?.containers) ? spec.containers : []
  const amounts = (of: 'limits' | 'requests') =>
    containers.map((it: ContainerSpec) => amountOf(it.resources?.[of]?.[measure]))
  const limits = amounts('limits')
  return limits.every((it) => it > 0)
    ? bound('limit', sum(limits))
    : bound('request', sum(amounts('requests')))
}

const bound = (kind: Bound['kind'], amount: number): Bound | undefined =>
  amount > 0 ? { kind, amount } : undefined

const sum = (amounts: readonly number[]) => amounts.reduce((all, it) => all + it, 0)

interface UsageLine {
  /** Seconds since 1970. */
  readonly times: readonly number[]
  readonly values: readonly (number | null)[]
  readonly span: readonly [number, number]
}

/** Measurements further apart than this are not joined: nobody looked in between. */
const farthest = 150
/** A line is never drawn of less than five minutes, or its first moments would fill it. */
const shortest = 300

export function lineOf(samples: readonly UsageSample[], measure: Measure): UsageLine {
  const times: number[] = []
  const values: (number | null)[] = []
  for (const sample of samples) {
    const at = sample.at / 1000
    const before = times.at(-1)
    if (before !== undefined && at - before > farthest) {
      times.push((before + at) / 2)
      values.push(null)
    }
    times.push(at)
    values.push(sample[measure])
  }
  const last = times.at(-1) ?? 0
  return { times, values, span: [Math.min(times[0] ?? 0, last - shortest), last] }
}
