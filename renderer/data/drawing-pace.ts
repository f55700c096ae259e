/** The share of its time that the page spends on drawing what changes by itself. */
const share = 0.06
/** Milliseconds: nobody shall look at anything older, however slow the machine is. */
const longest = 600

/** What this needs of a page; both give back how to call it off. */
export interface DrawingParts {
  readonly now: () => number
  readonly afterFrame: (done: (frameTook: number) => void) => () => void
  readonly after: (milliseconds: number, work: () => void) => () => void
}

/**
 * Decides when a live view asks for more: once what came is drawn, and so much later that drawing keeps to its share
 * of the page’s time. Where thousands of objects change this costs a fast machine nothing and spares a slow one.
 */
export class DrawingPace {
  readonly #parts: DrawingParts
  /** When drawing has kept to its share again; all views of the page count. */
  #evenAt = -Infinity

  constructor(parts: DrawingParts) {
    this.#parts = parts
  }

  /** `more` is called once; what is given back does it at once, if it was not yet. */
  drawn(change: () => void, more: () => void): () => void {
    const { now, afterFrame, after } = this.#parts
    const began = now()
    change()
    let script = 0
    // What draws it was planned as such a task too, before this one.
    queueMicrotask(() => (script = now() - began))
    let cancel = afterFrame((frame) => {
      const at = now()
      this.#evenAt = Math.max(this.#evenAt, began) + (script + frame) / share
      const wait = Math.min(longest, this.#evenAt - at)
      if (wait <= 0) ask()
      else cancel = after(wait, ask)
    })
    let isAsked = false
    const ask = () => {
      if (isAsked) return
      isAsked = true
      cancel()
      more()
    }
    return ask
  }
}

/** Of the page: a hidden one draws nothing, and then nothing is waited for. */
export const pagePace = new DrawingPace({
  now: () => performance.now(),
  afterFrame: (done) => {
    if (document.hidden) return later(0, () => done(0))
    const frame = requestAnimationFrame((at) => {
      const begins = Math.max(at, performance.now())
      cancel = later(0, () => done(performance.now() - begins))
    })
    let cancel = () => cancelAnimationFrame(frame)
    return () => cancel()
  },
  after: later,
})

function later(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds)
  return () => clearTimeout(timer)
}
