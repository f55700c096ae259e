const slots = 1 << 13
const words: string[] = Array.from({ length: slots }, () => '')

/** Longer ones are names and identities, which seldom come twice. */
const longest = 28

/**
 * The text at a place in UTF-8 bytes. Short ones mostly repeat (`Running`, label keys, nodes), and one that was
 * met before costs no allocation.
 */
export function wordAt(bytes: Buffer, start: number, end: number): string {
  const length = end - start
  if (length > longest) return bytes.toString('utf8', start, end)
  let hash = length
  let all = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    hash = (Math.imul(hash, 31) + byte) | 0
    all |= byte
  }
  const slot = (hash ^ (hash >>> 13)) & (slots - 1)
  const known = words[slot] as string
  if (known.length === length && isAt(known, bytes, start)) return known
  const word = bytes.toString('utf8', start, end)
  // Beyond ASCII a character is not a byte, and `isAt` could not tell them apart.
  if (all < 0x80) words[slot] = word
  return word
}

function isAt(word: string, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < word.length; index++) {
    if (word.charCodeAt(index) !== bytes[start + index]) return false
  }
  return true
}
