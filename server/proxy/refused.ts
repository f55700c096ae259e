import type { ErrorCode } from '../contract/errors.ts'

/** A refusal as a value: nothing is thrown on the hot path. Its reason never repeats what was sent. */
export interface Refused {
  readonly status: 'refused'
  readonly code: ErrorCode
  readonly reason: string
}

export const refuse = (code: ErrorCode, reason: string): Refused => ({
  status: 'refused',
  code,
  reason,
})
