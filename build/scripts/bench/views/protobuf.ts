/** One field of a message; what is no number has bytes. */
export interface Field {
  readonly number: number
  readonly bytes: Buffer
  /** The field as a whole, its number included. */
  readonly all: Buffer
  /** Where its value begins in the message. */
  readonly start: number
}

/** The fields of a message that was made by a part of Kubernetes, in their order. */
export function readMessage(bytes: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at] ?? 0
      at += 1
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const began = at
    const tag = varint()
    const wire = tag & 7
    let start = at
    if (wire === 0) varint()
    else if (wire === 1) at += 8
    else if (wire === 5) at += 4
    else {
      const length = varint()
      start = at
      at += length
    }
    fields.push({
      number: tag >>> 3,
      start,
      bytes: bytes.subarray(start, at),
      all: bytes.subarray(began, at),
    })
  }
  return fields
}

export const bytesField = (number: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([number * 8 + 2]), varintOf(value.length), value])

export const numberField = (number: number, value: number): Buffer =>
  Buffer.concat([Buffer.from([number * 8]), varintOf(value)])

function varintOf(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  while (left > 0x7f) {
    bytes.push((left & 0x7f) | 0x80)
    left >>>= 7
  }
  return Buffer.from([...bytes, left])
}
