import { z } from 'zod'
import { operation } from './operation.ts'
import { InNamespace, ObjectName, Place } from './place.ts'

const NodeRef = Place.extend({ name: ObjectName })
const at = '/clusters/:cluster/profiles/:profile/nodes'

/** A pod on a node that is to be drained. */
export const DrainItem = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  action: z.enum(['evict', 'stays', 'refuses']),
  /** Why it stays (DaemonSet, mirror pod, finished) or must be decided on (no controller, emptyDir). */
  reason: z.string().optional(),
})
export type DrainItem = z.infer<typeof DrainItem>

export const nodes = {
  cordon: operation({
    method: 'POST',
    path: `${at}/cordon`,
    needs: 'person',
    summary: 'Takes a node out of scheduling, or back in.',
    input: NodeRef.extend({ cordoned: z.boolean() }),
    output: z.object({ message: z.string() }),
  }),
  drainPlan: operation({
    method: 'GET',
    path: `${at}/drain-plan`,
    needs: 'person',
    summary: 'What draining a node would do to each of its pods.',
    input: NodeRef,
    output: z.object({ pods: z.array(DrainItem) }),
  }),
  evict: operation({
    method: 'POST',
    path: `${at}/evict`,
    needs: 'person',
    summary: 'Evicts one pod, unless a disruption budget holds it; then says which.',
    input: Place.extend({
      namespace: InNamespace,
      name: ObjectName,
      uid: z.string().max(64).optional(),
    }),
    output: z.discriminatedUnion('status', [
      z.object({ status: z.literal('evicted') }),
      z.object({ status: z.literal('gone') }),
      z.object({ status: z.literal('blocked'), reason: z.string(), retryAfter: z.number() }),
    ]),
  }),
}
