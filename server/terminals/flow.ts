/** Counts what is under way to a client that says what it has worked off; beyond a bound, the source waits. */
export class Flow {
  readonly #most: number
  readonly #hold: () => void
  readonly #release: () => void
  #underWay = 0
  #held = false

  constructor(most: number, hold: () => void, release: () => void) {
    this.#most = most
    this.#hold = hold
    this.#release = release
  }

  sent(amount: number): void {
    this.#underWay += amount
    if (this.#held || this.#underWay < this.#most) return
    this.#held = true
    this.#hold()
  }

  /** A client that claims more than it was given gains nothing. */
  taken(amount: number): void {
    this.#underWay = Math.max(0, this.#underWay - amount)
    if (!this.#held || this.#underWay > this.#most / 2) return
    this.#held = false
    this.#release()
  }
}
