import { AppError } from '../contract/errors.ts'

/** Counts the operations of each person that are under way: one person’s flood is nobody else’s. */
export class Crowd {
  readonly #most: number
  readonly #counts = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Takes a place and returns how it is given back. @throws AppError rate_limited */
  enter(personId: string): () => void {
    const count = this.#counts.get(personId) ?? 0
    if (count >= this.#most)
      throw new AppError('rate_limited', 'You have too many requests under way at this gateway', {
        retryAfter: 1,
      })
    this.#counts.set(personId, count + 1)
    return () => {
      const left = (this.#counts.get(personId) ?? 1) - 1
      if (left > 0) this.#counts.set(personId, left)
      else this.#counts.delete(personId)
    }
  }
}
