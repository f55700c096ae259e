import { z } from 'zod'
import { operation } from './operation.ts'
import { byId, Moment, Namespace, Slug } from './text.ts'

/** Accesses that no plain verb gives. Each is named by a grant or not had. */
export const Capability = z.enum([
  'exec',
  'attach',
  'port-forward',
  'debug',
  'proxy',
  'service-account-token',
  'secrets',
  'certificate-approval',
])
export type Capability = z.infer<typeof Capability>

export const Preset = z.enum(['viewer', 'developer', 'operator', 'admin'])
export type Preset = z.infer<typeof Preset>

export const Verb = z.enum([
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
])

/** Kinds of calls. An absent list means all; both must fit. */
export const ScopeRule = z.strictObject({
  verbs: z.array(Verb).min(1).optional(),
  /** `pods`, `deployments.apps`, `pods/log`, `pods/*`: resource, group, subresource. */
  resources: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9-]+(\.[a-z0-9.-]+)?(\/([a-z0-9]+|\*))?$/,
          'write resource.group/subresource',
        ),
    )
    .min(1)
    .max(200)
    .optional(),
})
export type ScopeRule = z.infer<typeof ScopeRule>

/** A scope only narrows what the profile may do. */
export const Scope = z.object({
  /** Absent means all namespaces and what is in none. */
  namespaces: z.array(Namespace).min(1).max(200).optional(),
  /** A call passes when any rule fits it. */
  rules: z.array(ScopeRule).min(1).max(50),
  capabilities: z.array(Capability),
})
export type Scope = z.infer<typeof Scope>

/** A person’s right to use a profile, within a scope and until its end. */
export const Grant = z.object({
  id: z.uuid(),
  personId: z.uuid(),
  personName: z.string(),
  clusterId: Slug,
  profileId: z.uuid(),
  profileName: Slug,
  scope: Scope,
  expiresAt: Moment.optional(),
  createdAt: Moment,
})
export type Grant = z.infer<typeof Grant>

export const grants = {
  list: operation({
    method: 'GET',
    path: '/grants',
    needs: 'admin',
    summary: 'Every grant, or those of one person or cluster.',
    input: z.object({ personId: z.uuid().optional(), clusterId: Slug.optional() }),
    output: z.array(Grant),
  }),
  create: operation({
    method: 'POST',
    path: '/grants',
    needs: 'admin',
    summary: 'Lets a person use a profile. A preset fills in the rules and capabilities left out.',
    input: z.object({
      personId: z.uuid(),
      profileId: z.uuid(),
      preset: Preset.optional(),
      namespaces: Scope.shape.namespaces,
      rules: Scope.shape.rules.optional(),
      capabilities: z.array(Capability).optional(),
      expiresAt: Moment.optional(),
    }),
    output: Grant,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/grants/:id',
    needs: 'admin',
    summary: 'Takes a grant back and ends every stream it carried.',
    input: byId,
    output: z.void(),
  }),
}
