const within = 60_000
const often = 3

/** Counts what happens again and again: the third time within a minute is too often. */
export class LoopGuard {
  readonly #now: () => number
  #times: number[] = []

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Notes that it happened; true when it is no use to try again. */
  again(): boolean {
    const now = this.#now()
    this.#times = [...this.#times.filter((it) => now - it < within), now]
    return this.#times.length >= often
  }
}

/** What becomes of the window when its process is gone. */
export type AfterCrash = 'nothing' | 'reload' | 'give up'

export function afterCrash(reason: string, guard: LoopGuard): AfterCrash {
  // The process ended because the page was left or the app quits.
  if (reason === 'clean-exit') return 'nothing'
  return guard.again() ? 'give up' : 'reload'
}

export interface Fatal {
  readonly log: (message: string, error: unknown) => void
  /** Ends what others rely on: proxies, forwards. */
  readonly stop: () => Promise<void>
  readonly tell: (message: string) => void
  readonly relaunch: () => void
  readonly exit: (code: number) => void
  /** This start is already one after a crash. */
  readonly relaunched: boolean
}

const stopPatience = 3000

/** A mistake of ours in main: written down, everything ended in order, and started anew once. */
export function onFatal(fatal: Fatal): (error: unknown) => void {
  let dying = false
  return (error) => {
    fatal.log('main failed', error)
    if (dying) return
    dying = true
    const patience = new Promise((resolve) => setTimeout(resolve, stopPatience))
    void Promise.race([fatal.stop().catch(() => undefined), patience]).then(() => {
      if (fatal.relaunched) fatal.tell('Gatehouse has failed twice and ends. Its log says why.')
      else fatal.relaunch()
      fatal.exit(1)
    })
  }
}
