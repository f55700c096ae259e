import type { Tone } from '#gateway/place.ts'

const minute = 60_000

/** How urgent the end of an access is, by the milliseconds until then. */
export const toneLeft = (left: number): Tone =>
  left > 15 * minute ? 'ok' : left > 5 * minute ? 'warning' : 'failed'
