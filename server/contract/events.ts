import { z } from 'zod'
import { operation } from './operation.ts'
import { Moment } from './text.ts'

/** One record of the audit chain. What is unknown at its time is absent. */
export const Event = z.object({
  writer: z.string(),
  sequence: z.number().int(),
  at: Moment,
  /** `intent` before a change travels, `outcome` after it, `event` for everything said at once. */
  phase: z.enum(['intent', 'outcome', 'event', 'gap', 'start', 'stop']),
  /** The same for all records of one attempt; sent upstream and returned as Audit-ID. */
  id: z.string(),
  /** `proxy` for cluster calls, else the operation’s name. */
  action: z.string(),
  /** `allowed` (went upstream or was done), `refused` (by us), `failed` (we or upstream could not). */
  result: z.enum(['allowed', 'refused', 'failed', 'unknown']),
  person: z.string().optional(),
  personId: z.string().optional(),
  session: z.string().optional(),
  source: z.string().optional(),
  cluster: z.string().optional(),
  profile: z.string().optional(),
  grants: z.array(z.string()).optional(),
  verb: z.string().optional(),
  group: z.string().optional(),
  resource: z.string().optional(),
  subresource: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  path: z.string().optional(),
  status: z.number().int().optional(),
  bytesIn: z.number().int().optional(),
  bytesOut: z.number().int().optional(),
  milliseconds: z.number().optional(),
  reason: z.string().optional(),
  detail: z.record(z.string(), z.string()).optional(),
  hash: z.string(),
})
export type Event = z.infer<typeof Event>

export const EventFilter = z.object({
  since: Moment.optional(),
  until: Moment.optional(),
  person: z.string().max(128).optional(),
  session: z.uuid().optional(),
  cluster: z.string().max(63).optional(),
  namespace: z.string().max(63).optional(),
  resource: z.string().max(253).optional(),
  verb: z.string().max(63).optional(),
  action: z.string().max(100).optional(),
  result: z.enum(['allowed', 'refused', 'failed', 'unknown']).optional(),
  id: z.string().max(64).optional(),
})
export type EventFilter = z.infer<typeof EventFilter>

const Chain = z.object({
  writer: z.string(),
  length: z.number().int(),
  hash: z.string(),
  lastCheckpointAt: Moment.optional(),
  publicKeyPem: z.string(),
  healthy: z.boolean(),
})

export const events = {
  list: operation({
    method: 'GET',
    path: '/events',
    needs: 'admin',
    summary: 'Audit records, newest first, a page at a time.',
    input: EventFilter.extend({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.string().max(100).optional(),
    }),
    output: z.object({ events: z.array(Event), next: z.string().optional() }),
  }),
  chain: operation({
    method: 'GET',
    path: '/events/chain',
    needs: 'admin',
    summary: 'Where the chain of this gateway process stands, and the key that checks it.',
    input: z.object({}),
    output: Chain,
  }),
}
