import { z } from 'zod'
import { Slug } from './text.ts'

/** One identity in one cluster, as a person names it. */
export const Place = z.object({ cluster: Slug, profile: Slug })
export type Place = z.infer<typeof Place>

/** How every operation begins that asks something of a cluster. */
export const atPlace = '/clusters/:cluster/profiles/:profile'

/** Part of a Kubernetes path; what could leave its segment is refused before a path is built. */
const Segment = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'not a name of the Kubernetes API')

export const ApiGroup = z.union([z.literal(''), Segment])
/** `v1`, `v2beta1`, … */
export const ApiVersion = Segment
/** The plural in addresses: `deployments`. */
export const ResourceName = Segment

/** RBAC objects may have `:` and upper case in their names; a slash, a percent or a dot segment never. */
export const ObjectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9:._@-]+$/, 'not a name of a Kubernetes object')

/** Where a namespace’s name is asked for in a cluster; longer than a label only by mistake. */
export const InNamespace = z
  .string()
  .max(63)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'not a namespace name')

/** A kind of object: core has the empty group. */
export const KindRef = z.object({ group: ApiGroup, version: ApiVersion, resource: ResourceName })
export type KindRef = z.infer<typeof KindRef>

/** One object in one place; without a namespace it is one of the whole cluster. */
export const ObjectRef = Place.extend({
  ...KindRef.shape,
  namespace: InNamespace.optional(),
  name: ObjectName,
})
export type ObjectRef = z.infer<typeof ObjectRef>

/** A Kubernetes object as JSON; what is inside is the cluster’s business. */
export const KubernetesObject = z.record(z.string(), z.unknown())
export type KubernetesObject = z.infer<typeof KubernetesObject>

/** How well something is: always shown with a shape and a word, never by colour alone. */
export const Tone = z.enum(['ok', 'progress', 'warning', 'failed', 'done', 'ending'])
export type Tone = z.infer<typeof Tone>
