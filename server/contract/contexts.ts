import { z } from 'zod'
import { Capability } from './grants.ts'
import { operation } from './operation.ts'
import { Moment, Slug } from './text.ts'

/** One cluster@profile that a person can use: a context of their kubeconfig. */
export const Context = z.object({
  clusterId: Slug,
  clusterName: z.string(),
  profileName: Slug,
  /** Below the gateway’s address. */
  path: z.string(),
  /** Absent means all namespaces. */
  namespaces: z.array(z.string()).optional(),
  capabilities: z.array(Capability),
  expiresAt: Moment.optional(),
})
export type Context = z.infer<typeof Context>

export const contexts = {
  list: operation({
    method: 'GET',
    path: '/contexts',
    needs: 'person',
    summary: 'Everything the person who asks may use, as contexts for a kubeconfig.',
    input: z.object({}),
    output: z.array(Context),
  }),
}
