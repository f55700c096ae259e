/** The few pieces of DER that a certificate is made of. */

export const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content])
}

/** Up to 64 KiB, far more than a certificate has. */
const lengthOf = (length: number): number[] => {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

export const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts)
export const set = (...parts: readonly Uint8Array[]) => der(0x31, ...parts)
export const octets = (content: Uint8Array) => der(0x04, content)
export const text = (content: string) => der(0x0c, Buffer.from(content))
export const yes = () => der(0x01, Buffer.from([0xff]))
/** A positive number: a leading zero where the first bit would make it negative. */
export const integer = (bytes: Uint8Array) =>
  der(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.from([0])] : []), bytes)
export const bits = (content: Uint8Array, unused = 0) => der(0x03, Buffer.from([unused]), content)
/** `[n]` around something whole. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]) =>
  der(0xa0 + number, ...parts)

export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(inSevens)]))
}

const inSevens = (value: number): number[] => {
  const bytes = [value & 0x7f]
  for (let left = value >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80)
  return bytes
}

/** To the second, with a year of four digits. */
export const time = (at: Date) =>
  der(0x18, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, '')))
