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

/**
 * Whether an ended stream may be opened again unasked: lost, or failed for a while; never after a word of the
 * gateway. A cluster that answers and does not let one attach has no such container now: one that crashes
 * comes back and ends again, and following it would go on forever.
 */
export function mayReturn(
  reason: string | undefined,
  error: ErrorBody | undefined,
  isAttached = false,
): boolean {
  if (!error) return reason === undefined
  return passing.has(error.code) && !(isAttached && error.code === 'bad_gateway')
}
