import { AppError } from '#gateway/errors.ts'
import { atOnce, limitOf, totalRate } from './limits.ts'
import { Bucket } from './rate.ts'
import { isOurs, type Asking } from './sender.ts'
import { sizeOf } from './size.ts'

const windowsKept = 16

/** What one window has spent. */
interface Spending {
  readonly total: Bucket
  readonly channels: Map<string, Bucket>
  underWay: number
}

/** Stands before every handler: who asks, how often, how much. A refused message has no other effect. */
export class Guard {
  readonly #isWindow: (id: number) => boolean
  readonly #spending = new Map<number, Spending>()

  constructor(isWindow: (id: number) => boolean) {
    this.#isWindow = isWindow
  }

  /**
   * Lets a message in or says why not; to be called in the same turn in which the message arrived.
   * Gives what is to be called when it was answered.
   * @throws AppError
   */
  admit(event: Asking, channel: string, input: unknown): () => void {
    if (!isOurs(event, this.#isWindow))
      throw new AppError('forbidden', 'This is offered to the app’s own window only')
    const spending = this.#of(event.sender.id)
    const limit = limitOf(channel)
    let bucket = spending.channels.get(channel)
    if (!bucket) spending.channels.set(channel, (bucket = new Bucket(limit)))
    if (!spending.total.take() || !bucket.take() || spending.underWay >= atOnce)
      throw new AppError('rate_limited', 'The window asks too often', { retryAfter: 1 })
    sizeOf(input, limit.bytes)
    spending.underWay += 1
    return () => {
      spending.underWay -= 1
    }
  }

  #of(id: number): Spending {
    let spending = this.#spending.get(id)
    if (!spending) {
      spending = { total: new Bucket(totalRate), channels: new Map(), underWay: 0 }
      this.#spending.set(id, spending)
      // Not forgotten when a page is loaded anew: that would be a way to a fresh account.
      const [oldest] = this.#spending.keys()
      if (this.#spending.size > windowsKept && oldest !== undefined) this.#spending.delete(oldest)
    }
    return spending
  }
}
