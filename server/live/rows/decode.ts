import { ReadFailure } from './failure.ts'
import { code, type Message } from './message.ts'
import { wordAt } from './words.ts'

/** An object in the shape of its JSON, with no more than its table names. */
export type Pruned = Record<string, unknown>

/** Values that one object may have: the largest real ones (a ConfigMap of 1 MiB) have fewer. */
const mostValues = 250_000

/** Reads the fields of a table out of one message, never past `end`. */
export const decode = (bytes: Buffer, message: Message, start = 0, end = bytes.length): Pruned =>
  new Decoder(bytes).read(message, start, end)

class Decoder {
  readonly #bytes: Buffer
  #at = 0
  #left = mostValues

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  read(message: Message, start: number, end: number): Pruned {
    this.#at = start
    const into: Pruned = {}
    this.#fields(into, message, end)
    return into
  }

  #fields(into: Pruned, message: Message, end: number): void {
    const { codes } = message
    while (this.#at < end) {
      const tag = this.#length(end)
      const number = tag >>> 3
      const what = number < codes.length ? (codes[number] as number) : code.skip
      if (what === code.skip) this.#skip(tag & 7, end)
      else if (what === code.int || what === code.bool) this.#number(into, message, tag, end)
      else this.#field(into, message, tag, end)
    }
  }

  #number(into: Pruned, { codes, names }: Message, tag: number, end: number): void {
    if ((tag & 7) !== 0) throw new ReadFailure('a number has a wrong wire type')
    const number = tag >>> 3
    const value = this.#varint(end)
    into[names[number] as string] = codes[number] === code.bool ? value !== 0 : value
  }

  /** A field of known number that has a length. */
  #field(into: Pruned, message: Message, tag: number, end: number): void {
    const number = tag >>> 3
    const what = message.codes[number] as number
    const name = message.names[number] as string
    if ((tag & 7) !== 2) throw new ReadFailure(`${name} has a wrong wire type`)
    const stop = this.#stop(end)
    if (--this.#left < 0) throw new ReadFailure('an object has too many values')
    const many = what & ~code.value
    if (many === 0) {
      const value = this.#value(message, number, stop)
      // JSON leaves an empty text out, protobuf writes it.
      if (value !== undefined && value !== '') into[name] = value
    } else if (many === code.list) {
      const value = this.#value(message, number, stop)
      const list = into[name] as unknown[] | undefined
      if (list === undefined) into[name] = [value]
      else list.push(value)
    } else if (many === code.inline) {
      this.#fields(into, message.inner[number] as Message, stop)
    } else {
      this.#entry((into[name] ??= {}) as Pruned, message, number, stop)
    }
    this.#at = stop
  }

  #value(message: Message, number: number, stop: number): unknown {
    switch ((message.codes[number] as number) & code.value) {
      case code.string:
        return wordAt(this.#bytes, this.#at, stop)
      case code.message: {
        const into: Pruned = {}
        this.#fields(into, message.inner[number] as Message, stop)
        return into
      }
      case code.bytes:
        return this.#bytes.subarray(this.#at, stop)
      case code.quantity:
        return this.#quantity(stop)
      case code.time:
        return this.#time(stop)
      case code.intOrString:
        return this.#intOrString(stop)
      default:
        return this.#varint(stop)
    }
  }

  /** One key and value of a map. */
  #entry(into: Pruned, message: Message, number: number, stop: number): void {
    const isKeysOnly = ((message.codes[number] as number) & ~code.value) === code.keys
    const only = message.only[number]
    let key = ''
    let valueAt = -1
    let valueEnd = -1
    while (this.#at < stop) {
      const tag = this.#length(stop)
      if (tag !== 0x0a && tag !== 0x12) {
        this.#skip(tag & 7, stop)
        continue
      }
      const end = this.#stop(stop)
      if (tag === 0x0a) key = wordAt(this.#bytes, this.#at, end)
      else {
        valueAt = this.#at
        valueEnd = end
      }
      this.#at = end
    }
    // It would set the prototype, not a key.
    if (key === '__proto__' || (only !== undefined && !only.has(key))) return
    if (isKeysOnly || valueAt < 0) into[key] = ''
    else {
      this.#at = valueAt
      into[key] = this.#value(message, number, valueEnd)
    }
  }

  #quantity(stop: number): string {
    let value = '0'
    while (this.#at < stop) {
      const tag = this.#length(stop)
      if (tag === 0x0a) {
        const end = this.#stop(stop)
        value = wordAt(this.#bytes, this.#at, end)
        this.#at = end
      } else this.#skip(tag & 7, stop)
    }
    return value
  }

  /** Milliseconds since 1970; an empty message is no time. */
  #time(stop: number): number | undefined {
    if (this.#at >= stop) return undefined
    let seconds = 0
    let nanos = 0
    while (this.#at < stop) {
      const tag = this.#length(stop)
      if (tag === 0x08) seconds = this.#varint(stop)
      else if (tag === 0x10) nanos = this.#varint(stop)
      else this.#skip(tag & 7, stop)
    }
    return seconds * 1000 + Math.floor(nanos / 1_000_000)
  }

  #intOrString(stop: number): number | string {
    let isText = false
    let int = 0
    let text = ''
    while (this.#at < stop) {
      const tag = this.#length(stop)
      if (tag === 0x08) isText = this.#varint(stop) === 1
      else if (tag === 0x10) int = this.#varint(stop)
      else if (tag === 0x1a) {
        const end = this.#stop(stop)
        text = wordAt(this.#bytes, this.#at, end)
        this.#at = end
      } else this.#skip(tag & 7, stop)
    }
    return isText ? text : int
  }

  /** Where the field whose length follows ends. */
  #stop(end: number): number {
    const length = this.#length(end)
    if (length > end - this.#at) throw new ReadFailure('a message ends inside a field')
    return this.#at + length
  }

  /** A tag or a length: never more than 32 bits. */
  #length(end: number): number {
    const bytes = this.#bytes
    let value = 0
    for (let shift = 0; shift < 35 && this.#at < end; shift += 7) {
      const byte = bytes[this.#at++] as number
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new ReadFailure('a message ends inside a number')
  }

  /** An int64 as a number; what a double cannot hold is rounded, as in JSON. */
  #varint(end: number): number {
    const bytes = this.#bytes
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70 && this.#at < end; shift += 7) {
      const byte = bytes[this.#at++] as number
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >>> 4
      } else high |= bits << (shift - 32)
      if (byte < 0x80) return high * 0x1_0000_0000 + (low >>> 0)
    }
    throw new ReadFailure('a message ends inside a number')
  }

  #skip(wire: number, end: number): void {
    if (wire === 2) this.#at = this.#stop(end)
    else if (wire === 0) this.#varint(end)
    else if (wire === 1 || wire === 5) this.#at += wire === 1 ? 8 : 4
    else throw new ReadFailure('a field has an unknown wire type')
    if (this.#at > end) throw new ReadFailure('a message ends inside a field')
  }
}
