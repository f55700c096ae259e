import { z } from 'zod'
import { operation } from './operation.ts'
import { InNamespace, ObjectName, Place } from './place.ts'

export const secrets = {
  reveal: operation({
    method: 'POST',
    path: '/clusters/:cluster/profiles/:profile/secrets/reveal',
    needs: 'person',
    summary: 'One value of a Secret, for those whose grant names the capability `secrets`.',
    input: Place.extend({
      namespace: InNamespace,
      name: ObjectName,
      key: z
        .string()
        .max(253)
        .regex(/^[-._a-zA-Z0-9]+$/, 'not a key of a Secret'),
    }),
    output: z.object({
      /** Text where the bytes are UTF-8, else base64. */
      value: z.string(),
      encoding: z.enum(['text', 'base64']),
      bytes: z.number().int(),
    }),
  }),
}
