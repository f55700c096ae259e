const lowest = -(2n ** 63n)
const highest = 2n ** 63n - 1n

/** What Go's ParseInt(text, 10, 64) takes. */
export function isInt64(text: string): boolean {
  const digits = text.charCodeAt(0) === 0x2b || text.charCodeAt(0) === 0x2d ? 1 : 0
  if (text.length === digits) return false
  for (let i = digits; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x30 || c > 0x39) return false
  }
  if (text.length < 19) return true
  const value = BigInt(text.charCodeAt(0) === 0x2b ? text.slice(1) : text)
  return value >= lowest && value <= highest
}
