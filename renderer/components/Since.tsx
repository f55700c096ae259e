import { ageText } from './amounts.ts'
import { useClockText } from './clock.ts'

/** A sentence that counts the time since something, drawn again only when it reads differently. */
export function Since({ at, text }: { at: number; text: (age: string) => string }) {
  return <>{useClockText((now) => text(ageText(now - at)))}</>
}
