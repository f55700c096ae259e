import type { z } from 'zod'
import type { Call } from '#gateway/operation.ts'

/** A call that stays on this machine; it looks like a route and travels by IPC. */
export const call = <I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
): Call<I, O> => ({
  input,
  output,
})
