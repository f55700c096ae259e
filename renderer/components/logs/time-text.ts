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
