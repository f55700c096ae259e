import { ReadFailure } from './failure.ts'

/** Bytes of one thing that is being received: an object, an event, a line. No cluster holds larger ones. */
export const largestPart = 16 * 1024 * 1024

const nothing = Buffer.alloc(0)

/** Bytes that came in pieces, given out whole; what was claimed but did not come takes no memory. */
export class Chunks {
  #head: Buffer = nothing
  #at = 0
  readonly #rest: Buffer[] = []
  #length = 0

  /** How many bytes wait. */
  get length(): number {
    return this.#length
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (bytes.length === 0) return
    this.#length += bytes.length
    if (this.#at === this.#head.length) {
      this.#head = bytes
      this.#at = 0
    } else this.#rest.push(bytes)
  }

  /** The next bytes without taking them, or undefined while there are fewer. */
  peek(count: number): Buffer | undefined {
    if (count > largestPart) throw new ReadFailure('a part is larger than any real one')
    if (count > this.#length) return undefined
    if (this.#head.length - this.#at < count) this.#join()
    return this.#head.subarray(this.#at, this.#at + count)
  }

  take(count: number): Buffer | undefined {
    const bytes = this.peek(count)
    if (bytes !== undefined) {
      this.#at += count
      this.#length -= count
      if (this.#at === this.#head.length) this.#next()
    }
    return bytes
  }

  #next(): void {
    this.#head = this.#rest.shift() ?? nothing
    this.#at = 0
  }

  #join(): void {
    this.#head = Buffer.concat([this.#head.subarray(this.#at), ...this.#rest])
    this.#rest.length = 0
    this.#at = 0
  }
}

/** A varint at the start of what waits; undefined while it is not whole. */
export function peekVarint(chunks: Chunks, from = 0): { value: number; size: number } | undefined {
  const bytes = chunks.peek(Math.min(chunks.length, from + 5))
  let value = 0
  for (let index = 0; index < 5; index++) {
    const byte = bytes?.[from + index]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, size: index + 1 }
  }
  throw new ReadFailure('a length is too long')
}
