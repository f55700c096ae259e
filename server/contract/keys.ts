import { z } from 'zod'
import { operation } from './operation.ts'

const Rotated = z.object({
  /** The key that now seals everything. */
  keyId: z.string(),
  rewrapped: z.number().int(),
})

export const keys = {
  rotate: operation({
    method: 'POST',
    path: '/keys/rotate',
    needs: 'admin',
    summary: 'Makes a new sealing key and re-wraps every sealed value with it, while running.',
    input: z.object({}),
    output: Rotated,
  }),
}
