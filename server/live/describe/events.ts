import type { ClusterEvent, Reason } from '../../contract/objects.ts'
import { reason } from './described.ts'

const momentOf = ({ lastAt = '', firstAt = '' }: ClusterEvent) => lastAt || firstAt

/** The newest event of a reason; they need not be in order. */
export function latest(
  events: readonly ClusterEvent[],
  word: string,
  fits: (event: ClusterEvent) => boolean = () => true,
): ClusterEvent | undefined {
  let found: ClusterEvent | undefined
  for (const event of events) {
    if (event.reason !== word || !fits(event)) continue
    if (!found || momentOf(event) > momentOf(found)) found = event
  }
  return found
}

/** The newest warning of each reason, as reasons; for kinds whose state says less than their events. */
export function warningReasons(events: readonly ClusterEvent[]): Reason[] {
  const words = new Set(events.filter((it) => it.type === 'Warning').map((it) => it.reason))
  return [...words].slice(0, 10).flatMap((word) => {
    const event = latest(events, word, (it) => it.type === 'Warning')
    return event ? [reason('warning', wordsOf(word), event.message)] : []
  })
}

/** `FailedCreate` as `Failed create`. */
const wordsOf = (word: string): string =>
  word.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => {
    return `${before} ${after.toLowerCase()}`
  })
