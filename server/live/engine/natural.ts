/**
 * A text as it is sorted: without regard to case, and `pod-10` after `pod-9`, by plain comparison. Each run of digits is
 * preceded by its length.
 */
export function naturalKey(text: string): string {
  const lower = text.toLowerCase()
  if (!/\d/.test(lower)) return lower
  return lower.replace(/\d+/g, (digits) => {
    const significant = digits.replace(/^0+(?=\d)/, '')
    return String.fromCharCode(0x30 + Math.min(significant.length, 0x4f)) + significant
  })
}
