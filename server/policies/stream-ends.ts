import type { StreamEnd } from '../access/index.ts'

/** Why a stream was ended, for the person who was using it. */
export const wordsFor: Readonly<Record<StreamEnd, string>> = {
  'session ended': 'Your session has ended. Sign in again.',
  'person removed': 'Your account was closed.',
  'grant ended': 'Your right to this has ended.',
  'profile removed': 'The profile was removed from the gateway.',
  'credential replaced': 'The credential of the profile was replaced. Open it again.',
  'cluster removed': 'The cluster was removed from the gateway or is reached otherwise now.',
  expired: 'The time for this has run out. Open it again.',
  draining: 'The gateway is restarting',
}
