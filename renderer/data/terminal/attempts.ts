import type { ErrorBody } from '#gateway/errors.ts'

/** How a lost connection is tried again: ten times, later and later. */
export const attempts = { most: 10, first: 2_000, factor: 1.5, longest: 30_000 } as const

/** Milliseconds before the attempt with this number, from 0; undefined when enough were made. */
export function delayBefore(attempt: number): number | undefined {
  if (attempt >= attempts.most) return undefined
  return Math.min(attempts.longest, Math.round(attempts.first * attempts.factor ** attempt))
}

/** Milliseconds a connection must have lasted before its loss counts as the first one. */
export const settled = 10_000

/** Failures that pass by themselves; a refusal does not. */
const passing = new Set<ErrorBody['code']>([
  'unavailable',
  'gateway_timeout',
  'bad_gateway',
  'rate_limited',
])

/** How a stream ended, as its ears are told. */
export interface StreamLoss {
  readonly reason: string | undefined
  readonly error: ErrorBody | undefined
  /** The gateway restarts. */
  readonly returns: boolean | undefined
}

/** What is opened again: lines go on, and so does what one is attached to; a shell would be another one. */
export type Returning = 'log' | 'attach' | 'shell'

/**
 * Whether an ended stream may be opened again unasked: lost, failed for a while, or closed by a gateway that
 * restarts; never after another word of the gateway. A cluster that answers and does not let one attach has no
 * such container now: one that crashes comes back and ends again, and following it would go on forever.
 */
export function mayReturn({ reason, error, returns }: StreamLoss, what: Returning): boolean {
  if (error) return passing.has(error.code) && !(what === 'attach' && error.code === 'bad_gateway')
  // A program that was told of its end is over: another one is started by a person only.
  if (returns === true) return what !== 'shell'
  return reason === undefined
}
