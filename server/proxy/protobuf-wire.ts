/** Bytes or an object that do not fit their schema; whose fault that is, the caller knows. */
export class MalformedProtobuf extends Error {
  override readonly name = 'MalformedProtobuf'
}

export const varintWire = 0
export const lengthPrefixed = 2

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Fields that one object may have in all: each costs some hundred bytes here and may cost two on the wire. */
const mostFields = 100_000

/** Walks over the bytes of one message and never past their end. */
export class Reader {
  readonly #bytes: Uint8Array
  readonly #budget: { fields: number }
  #at = 0

  constructor(bytes: Uint8Array, budget = { fields: mostFields }) {
    this.#bytes = bytes
    this.#budget = budget
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  tag(): { readonly number: number; readonly wire: number } {
    if (this.#budget.fields-- === 0) throw new MalformedProtobuf('there are too many fields')
    const tag = this.#small()
    const number = Math.floor(tag / 8)
    if (number < 1 || number > 0x1fffffff)
      throw new MalformedProtobuf('a field has no valid number')
    return { number, wire: tag % 8 }
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new MalformedProtobuf('the message ends inside a number')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new MalformedProtobuf('a number is too long')
  }

  /** A reader of the embedded message that follows. */
  message(): Reader {
    return new Reader(this.bytes(), this.#budget)
  }

  bytes(): Uint8Array {
    const length = this.#small()
    if (length > this.#bytes.length - this.#at) {
      throw new MalformedProtobuf('the message ends inside a field')
    }
    const start = this.#at
    this.#at += length
    return this.#bytes.subarray(start, this.#at)
  }

  text(): string {
    const bytes = this.bytes()
    try {
      return utf8.decode(bytes)
    } catch (cause) {
      throw new MalformedProtobuf('a text is not UTF-8', { cause })
    }
  }

  skip(wire: number): void {
    if (wire === varintWire) this.varint()
    else if (wire === lengthPrefixed) this.bytes()
    else if (wire === 1) this.#forward(8)
    else if (wire === 5) this.#forward(4)
    else throw new MalformedProtobuf('a field has an unknown wire type')
  }

  /** A tag or a length: mostly one byte, and never worth a bigint. */
  #small(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined || byte >= 0x80) return Number(this.varint())
    this.#at++
    return byte
  }

  #forward(count: number): void {
    this.#at += count
    if (this.#at > this.#bytes.length)
      throw new MalformedProtobuf('the message ends inside a field')
  }
}

export class Writer {
  readonly #bytes: number[] = []

  varint(field: number, value: bigint): void {
    this.#number(BigInt((field << 3) | varintWire))
    this.#number(BigInt.asUintN(64, value))
  }

  bytes(field: number, value: Uint8Array): void {
    this.#number(BigInt((field << 3) | lengthPrefixed))
    this.#number(BigInt(value.length))
    for (const byte of value) this.#bytes.push(byte)
  }

  text(field: number, value: string): void {
    this.bytes(field, Buffer.from(value))
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  #number(value: bigint): void {
    let left = value
    for (; left >= 0x80n; left >>= 7n) this.#bytes.push(Number(left & 0x7fn) | 0x80)
    this.#bytes.push(Number(left))
  }
}
