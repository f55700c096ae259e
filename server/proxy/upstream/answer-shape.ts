/** Levels of a JSON answer; the deepest real ones, schemas of custom kinds, have some dozens. */
const deepest = 500
/** Bytes of an answer for each value in it (the finest real ones, discovery and RBAC, have 13), and values that any answer may have. */
const bytesOfValue = 8
const freeValues = 20_000

const quote = 0x22
const backslash = 0x5c

/**
 * Whether JSON is nested deeper or cut finer than any real answer. In a few megabytes a cluster can write millions of
 * values, and each is some hundred bytes and some microseconds once it is read and checked.
 */
export function isTooFine(bytes: Uint8Array): boolean {
  let depth = 0
  let left = Math.max(freeValues, bytes.length / bytesOfValue)
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at] ?? 0) {
      case quote:
        at = endOfText(bytes, at)
        break
      case 0x5b: // [
      case 0x7b: // {
        depth += 1
        left -= 1
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1
        break
      case 0x2c: // ,
        left -= 1
    }
    if (depth > deepest || left < 0) return true
  }
  return false
}

function endOfText(bytes: Uint8Array, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at
}
