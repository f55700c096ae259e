import { z } from 'zod'
import { InNamespace, Place } from '#gateway/place.ts'

/** A shell on this machine whose kubectl, helm and k9s speak to one cluster through the gateway. */
export const LocalTerminalInput = Place.extend({
  namespace: InNamespace.optional(),
  columns: z.number().int().min(1).max(1000),
  rows: z.number().int().min(1).max(1000),
})
export type LocalTerminalInput = z.infer<typeof LocalTerminalInput>
