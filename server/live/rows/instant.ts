/** Milliseconds since 1970 of a time as protobuf (already so) or JSON (RFC 3339) gives it. */
export function instantOf(time: string | number | null | undefined): number | undefined {
  if (typeof time === 'number') return time
  if (!time) return undefined
  const parsed = Date.parse(time)
  return Number.isNaN(parsed) ? undefined : parsed
}
