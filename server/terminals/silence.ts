import { createProbe, type Target } from '../proxy/upstream/index.ts'

/** Milliseconds of silence after which a cluster is asked whether it lives, and between two looks. */
const longestSilence = 15_000
const looking = 5_000
const probe = createProbe(4_000)

/** Silence may be all there is to say: what is open ends only when its cluster does not answer either. */
export class Silence {
  readonly #timer: NodeJS.Timeout
  #heardAt = performance.now()
  #isAsking = false

  constructor(target: Target, isHeld: () => boolean, dead: () => void) {
    this.#timer = setInterval(() => {
      if (isHeld()) this.heard()
      if (this.#isAsking || performance.now() - this.#heardAt < longestSilence) return
      this.#isAsking = true
      void probe(target).then((alive) => {
        this.#isAsking = false
        if (alive) this.heard()
        else dead()
      })
    }, looking).unref()
  }

  heard(): void {
    this.#heardAt = performance.now()
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
