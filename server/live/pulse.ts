import { createProbe } from '../proxy/upstream/index.ts'

const beat = 250
/** A turn that comes this much too late means that the machine slept, or that nothing was heard for as long. */
const slept = 3000

/** One small question at a time per cluster, however many want to know. */
export const isAlive = createProbe(2500)

export interface Pulsed {
  /** `woke`: the machine slept, so that whatever seemed alive may not be. */
  beat(now: number, woke: boolean): void
}

/** One timer for all feeds; `wall` is the clock of the wall, as the other one may stand still while the machine sleeps. */
export function startPulse(feeds: () => Iterable<Pulsed>, wall: () => number): () => void {
  let last = wall()
  const timer = setInterval(() => {
    const time = wall()
    const woke = time - last > slept
    last = time
    const now = performance.now()
    for (const feed of feeds()) feed.beat(now, woke)
  }, beat).unref()
  return () => clearInterval(timer)
}
