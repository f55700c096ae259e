import { z } from 'zod'
import { operation } from './operation.ts'
import { InNamespace, ObjectName, Place } from './place.ts'

const Usage = z.object({
  namespace: z.string().optional(),
  name: z.string(),
  /** Thousandths of a CPU. */
  cpu: z.number(),
  /** Bytes. */
  memory: z.number(),
  containers: z.array(z.object({ name: z.string(), cpu: z.number(), memory: z.number() })),
})
export type Usage = z.infer<typeof Usage>

const Answer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('measured'), at: z.string(), items: z.array(Usage) }),
  /** No metrics server answers, or the person may not ask it. */
  z.object({ status: z.literal('unavailable'), reason: z.string() }),
])

export const metrics = {
  nodes: operation({
    method: 'GET',
    path: '/clusters/:cluster/profiles/:profile/metrics/nodes',
    needs: 'person',
    summary: 'What the nodes use now, when a metrics server answers.',
    input: Place,
    output: Answer,
  }),
  pods: operation({
    method: 'POST',
    path: '/clusters/:cluster/profiles/:profile/metrics/pods',
    needs: 'person',
    summary: 'What some pods use now, when a metrics server answers.',
    input: Place.extend({
      pods: z
        .array(z.strictObject({ namespace: InNamespace, name: ObjectName }))
        .min(1)
        .max(500),
    }),
    output: Answer,
  }),
}
