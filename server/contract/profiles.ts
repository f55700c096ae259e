import { z } from 'zod'
import { operation } from './operation.ts'
import { byId, Moment, Namespace, Slug } from './text.ts'

/** One identity in one cluster. Its credential goes in and never comes out. */
export const Profile = z.object({
  id: z.uuid(),
  clusterId: Slug,
  name: Slug,
  kind: z.enum(['static', 'minted']),
  /** The account whose tokens are minted. */
  serviceAccount: z.object({ namespace: Namespace, name: z.string() }).optional(),
  /** When a static credential ends, where that can be read from it. */
  expiresAt: Moment.optional(),
  createdAt: Moment,
})
export type Profile = z.infer<typeof Profile>

const Token = z.string().trim().min(1).max(10_000)

export const profiles = {
  list: operation({
    method: 'GET',
    path: '/clusters/:clusterId/profiles',
    needs: 'admin',
    summary: 'The identities that exist for a cluster.',
    input: z.object({ clusterId: Slug }),
    output: z.array(Profile),
  }),
  createStatic: operation({
    method: 'POST',
    path: '/clusters/:clusterId/profiles/static',
    needs: 'admin',
    summary: 'Adds an identity from a pasted ServiceAccount token.',
    input: z.object({ clusterId: Slug, name: Slug, token: Token }),
    output: Profile,
  }),
  createMinted: operation({
    method: 'POST',
    path: '/clusters/:clusterId/profiles/minted',
    needs: 'admin',
    summary: 'Adds an identity whose tokens the cluster’s keeper mints and renews.',
    input: z.object({
      clusterId: Slug,
      name: Slug,
      namespace: Namespace,
      serviceAccount: z.string().max(253),
    }),
    output: Profile,
  }),
  replaceToken: operation({
    method: 'POST',
    path: '/profiles/:id/token',
    needs: 'admin',
    summary: 'Replaces a static credential; streams go on only while the identity is the same.',
    input: byId.extend({ token: Token }),
    output: Profile,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/profiles/:id',
    needs: 'admin',
    summary: 'Removes an identity with its grants and ends every stream that uses it.',
    input: byId,
    output: z.void(),
  }),
}
