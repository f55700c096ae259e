import { ageText } from './amounts.ts'
import { useClockText } from './clock.ts'

/** How long ago something was; the exact moment on hover. */
export function Age({ at }: { at: number }) {
  const text = useClockText((now) => ageText(now - at))
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  )
}
