import { stopInTime } from './stopping.ts'

const within = 60_000

/** Counts what happens again and again: so many times within a minute are too often. */
export class LoopGuard {
  readonly #now: () => number
  readonly #often: number
  #times: number[] = []

  constructor(now: () => number = Date.now, often = 3) {
    this.#now = now
    this.#often = often
  }

  /** Notes that it happened; true when it is no use to try again. */
  again(): boolean {
    const now = this.#now()
    this.#times = [...this.#times.filter((it) => now - it < within), now]
    return this.#times.length >= this.#often
  }
}

/** What becomes of the window when its process is gone. */
export type AfterCrash = 'nothing' | 'reload' | 'give up'

export function afterCrash(reason: string, guard: LoopGuard): AfterCrash {
  // The process ended because the page was left or the app quits.
  if (reason === 'clean-exit') return 'nothing'
  return guard.again() ? 'give up' : 'reload'
}

interface Ending {
  /** Ends what others rely on: proxies, forwards. */
  readonly stop: () => Promise<void>
  /** Asks for another start, which comes after `exit`. */
  readonly relaunch: () => void
  readonly exit: (code: number) => void
}

export interface Fatal extends Ending {
  readonly log: (message: string, error: unknown) => void
  /** Resolves when the person has read it. */
  readonly tell: (message: string) => Promise<void>
  /** This start is already one after a crash. */
  readonly relaunched: boolean
}

/** A mistake of ours in main: written down, everything ended in order, and started anew once. */
export function onFatal(fatal: Fatal): (error: unknown) => void {
  let dying = false
  return (error) => {
    fatal.log('main failed', error)
    if (dying) return
    dying = true
    void endAfter(fatal)
  }
}

async function endAfter({ stop, relaunched, tell, relaunch, exit }: Fatal): Promise<void> {
  await stopInTime(stop)
  if (!relaunched) relaunch()
  // Where nothing can be shown there is still the log.
  else await tell('Gatehouse has failed twice and ends. Its log says why.').catch(() => undefined)
  exit(1)
}

export interface GpuCrash extends Ending {
  /** This start does without already. */
  readonly without: boolean
  readonly guard: LoopGuard
}

/** The second crash of the graphics within a minute: everything ends in order and comes back without them. */
export function onGpuCrash(crash: GpuCrash): (reason: string) => void {
  let leaving = false
  return (reason) => {
    if (reason === 'clean-exit' || crash.without || leaving || !crash.guard.again()) return
    leaving = true
    void stopInTime(crash.stop).then(() => {
      crash.relaunch()
      crash.exit(0)
    })
  }
}
