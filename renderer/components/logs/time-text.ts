export type TimeMode = 'off' | 'local' | 'utc'

const two = (value: number) => String(value).padStart(2, '0')

/** The time of a line to the millisecond; the day is in the title. */
export function timeText(at: number, mode: TimeMode): string {
  if (mode === 'off' || at === 0) return ''
  const date = new Date(at)
  if (mode === 'utc') return date.toISOString().slice(11, 23)
  const millis = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${millis}`
}

/** A moment as people say it: the day and the milliseconds only where they tell something. */
export function momentText(
  at: number,
  mode: 'local' | 'utc',
  { day, millis }: { readonly day: boolean; readonly millis: boolean },
): string {
  // The parts of a local time are those of UTC, shifted.
  const shift = mode === 'utc' ? 0 : new Date(at).getTimezoneOffset() * 60_000
  const text = new Date(at - shift).toISOString()
  return `${day ? `${text.slice(5, 10)} ` : ''}${text.slice(11, millis ? 23 : 19)}`
}
