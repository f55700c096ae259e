import type { Tone } from '../../../contract/place.ts'
import type { StatusCell } from '../../../contract/views.ts'

/** A status cell; an empty reason is none. */
export const said = (text: string, tone: Tone, reason?: string): StatusCell => ({
  text,
  tone,
  ...(reason && { reason }),
})

/** What all conditions have in common. */
export interface Condition {
  readonly type?: string | undefined
  readonly status?: string | undefined
  readonly reason?: string | undefined
  readonly message?: string | undefined
}

export const conditionOf = <C extends Condition>(
  conditions: readonly C[] | null | undefined,
  type: string,
): C | undefined => conditions?.find((it) => it.type === type)

export const isTrue = (condition: Condition | undefined) => condition?.status === 'True'
export const isFalse = (condition: Condition | undefined) => condition?.status === 'False'

/** What a condition says in one line. */
export const sayingOf = (condition: Condition | undefined): string =>
  [condition?.reason, condition?.message].filter(Boolean).join(': ')
