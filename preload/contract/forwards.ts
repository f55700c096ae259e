import { z } from 'zod'
import { InNamespace, ObjectName, Place } from '#gateway/place.ts'
import { call } from './call.ts'

/** A local port that leads into a pod. */
export const Forward = Place.extend({
  id: z.string(),
  namespace: z.string(),
  pod: z.string(),
  port: z.number().int(),
  localPort: z.number().int(),
  status: z.enum(['open', 'failing', 'closed']),
  reason: z.string().optional(),
  connections: z.number().int(),
  bytesIn: z.number(),
  bytesOut: z.number(),
})
export type Forward = z.infer<typeof Forward>

const Port = z.number().int().min(1).max(65_535)

export const forwards = {
  list: call(z.object({}), z.array(Forward)),
  start: call(
    Place.extend({
      namespace: InNamespace,
      pod: ObjectName,
      port: Port,
      /** Absent: any free one. Always on 127.0.0.1. */
      localPort: Port.optional(),
    }),
    Forward,
  ),
  stop: call(z.object({ id: z.string().max(100) }), z.void()),
}
