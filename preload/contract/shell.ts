import { z } from 'zod'
import { call } from './call.ts'

/** What crosses the border to the rest of the machine; each is asked of the person by main itself. */
export const shell = {
  /** https only; a host other than the gateway's is confirmed in a native dialog. */
  openExternal: call(z.object({ url: z.string().max(2000) }), z.object({ opened: z.boolean() })),
  saveText: call(
    z.object({ name: z.string().max(200), text: z.string().max(64_000_000) }),
    z.object({ saved: z.boolean() }),
  ),
  /** So that the next window opens in the right colour. */
  setTheme: call(z.object({ theme: z.enum(['light', 'dark', 'system']) }), z.void()),
  about: call(
    z.object({}),
    z.object({
      version: z.string(),
      electron: z.string(),
      platform: z.string(),
      /** Milliseconds from the process's start. */
      marks: z.record(z.string(), z.number()),
    }),
  ),
}
