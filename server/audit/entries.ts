import { randomUUID } from 'node:crypto'
import type { Attempt } from './attempt.ts'
import type { Entry } from './store.ts'

const notLetThrough = 'the audit log could not be written; nothing was let through'

const refused = (attempt: Attempt): Attempt => ({
  ...attempt,
  result: 'refused',
  reason: notLetThrough,
})
/** For an intent that was never written. */
export const refusedInstead = ({ at, attempt }: Entry): Entry => ({
  phase: 'event',
  at,
  attempt: refused(attempt),
})
/** For an intent that may have been written, although its caller was told otherwise. */
export const refusedOutcome = ({ attempt }: Entry): Entry => ({
  phase: 'outcome',
  at: new Date(),
  attempt: refused(attempt),
})

/** What the chain says about itself. */
export const ownEntry = (phase: Entry['phase'], more: Partial<Attempt> = {}): Entry => ({
  phase,
  at: new Date(),
  attempt: { id: randomUUID(), action: 'audit', result: 'allowed', ...more },
})

export const outcomeUnknown = (attempt: Attempt, reason: string): Entry => ({
  phase: 'outcome',
  at: new Date(),
  attempt: { ...attempt, result: 'unknown', reason },
})
