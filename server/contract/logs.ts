import { z } from 'zod'
import { operation } from './operation.ts'
import { InNamespace, ObjectName, Place } from './place.ts'

export const logs = {
  read: operation({
    method: 'GET',
    path: '/clusters/:cluster/profiles/:profile/logs',
    needs: 'person',
    summary: 'The last lines of a container, once.',
    input: Place.extend({
      namespace: InNamespace,
      pod: ObjectName,
      container: ObjectName.optional(),
      tail: z.coerce.number().int().min(1).max(5000).default(100),
      previous: z.enum(['true', 'false']).optional(),
      timestamps: z.enum(['true', 'false']).optional(),
    }),
    output: z.object({ text: z.string(), container: z.string().optional() }),
  }),
}
