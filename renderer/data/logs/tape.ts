type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array

/** A growing row of numbers that loses its oldest ones; an index stays the same for as long as the number is there. */
export class Tape {
  #data: Numbers
  /** The index of the first place of `#data`. */
  #shift = 0
  #start = 0
  #end = 0

  constructor(first: Numbers) {
    this.#data = first
  }

  get start(): number {
    return this.#start
  }

  get end(): number {
    return this.#end
  }

  at(index: number): number {
    return this.#data[index - this.#shift] ?? 0
  }

  set(index: number, value: number): void {
    this.#data[index - this.#shift] = value
  }

  push(value: number): void {
    if (this.#end - this.#shift >= this.#data.length) this.#makeRoom(1)
    this.#data[this.#end - this.#shift] = value
    this.#end += 1
  }

  /** Makes `count` more places, which hold nothing useful yet. */
  grow(count: number): void {
    if (this.#end + count - this.#shift > this.#data.length) this.#makeRoom(count)
    this.#end += count
  }

  /** Forgets everything from `end` on. */
  cut(end: number): void {
    this.#end = Math.max(this.#start, Math.min(this.#end, end))
  }

  /** Forgets everything before `start`. */
  drop(start: number): void {
    this.#start = Math.max(this.#start, Math.min(this.#end, start))
  }

  #makeRoom(count: number): void {
    const live = this.#data.subarray(this.#start - this.#shift, this.#end - this.#shift)
    const need = live.length + count
    if (need <= this.#data.length / 2) {
      this.#data.copyWithin(0, this.#start - this.#shift, this.#end - this.#shift)
    } else {
      const Kind = this.#data.constructor as new (length: number) => Numbers
      const next = new Kind(Math.max(1024, need * 2))
      next.set(live)
      this.#data = next
    }
    this.#shift = this.#start
  }
}
