import { z } from 'zod'
import { Capability } from './grants.ts'
import { operation } from './operation.ts'
import { ApiGroup, InNamespace, ObjectName, Place } from './place.ts'

export const RightRule = z.object({
  verbs: z.array(z.string()),
  groups: z.array(z.string()),
  resources: z.array(z.string()),
  names: z.array(z.string()),
})
export type RightRule = z.infer<typeof RightRule>

const Ask = z.strictObject({
  verb: z.string().max(63),
  group: ApiGroup,
  resource: z.string().max(253),
  subresource: z.string().max(63).optional(),
  namespace: InNamespace.optional(),
  name: ObjectName.optional(),
})

export const rights = {
  rules: operation({
    method: 'GET',
    path: '/clusters/:cluster/profiles/:profile/rights',
    needs: 'person',
    summary: 'What the person may do in a namespace: the cluster’s own answer within their scope.',
    input: Place.extend({ namespace: InNamespace }),
    output: z.object({
      rules: z.array(RightRule),
      capabilities: z.array(Capability),
      /** The cluster could not tell everything: ask `check` where a rule is missing. */
      incomplete: z.boolean(),
    }),
  }),
  check: operation({
    method: 'POST',
    path: '/clusters/:cluster/profiles/:profile/rights/check',
    needs: 'person',
    summary: 'Whether the person may do each of some things, and why not.',
    input: Place.extend({ asks: z.array(Ask).min(1).max(50) }),
    output: z.object({
      answers: z.array(z.object({ allowed: z.boolean(), reason: z.string().optional() })),
    }),
  }),
}
