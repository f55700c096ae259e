import { z } from 'zod'
import { operation } from './operation.ts'
import { ApiGroup, ApiVersion, KindRef, Place } from './place.ts'

/** A kind that a cluster serves now, CRDs included. */
export const Kind = KindRef.extend({
  kind: z.string(),
  singular: z.string(),
  shortNames: z.array(z.string()),
  categories: z.array(z.string()),
  namespaced: z.boolean(),
  /** What the cluster serves, not what the person may. */
  verbs: z.array(z.string()),
  /** `scale`, `log`, `exec`, … */
  subresources: z.array(z.string()),
})
export type Kind = z.infer<typeof Kind>

export const kinds = {
  list: operation({
    method: 'GET',
    path: '/clusters/:cluster/profiles/:profile/kinds',
    needs: 'person',
    summary: 'Every kind of object that the cluster serves, at its preferred version.',
    input: Place,
    output: z.object({
      kinds: z.array(Kind),
      /** Groups whose server did not answer; their kinds are missing. */
      incomplete: z.array(z.string()),
      version: z.string(),
    }),
  }),
  schema: operation({
    method: 'GET',
    path: '/clusters/:cluster/profiles/:profile/schema',
    needs: 'person',
    summary: 'The cluster’s own OpenAPI v3 document of one group and version.',
    input: Place.extend({ group: ApiGroup, version: ApiVersion }),
    output: z.object({ document: z.record(z.string(), z.unknown()) }),
  }),
}
