import { z } from 'zod'
import { ErrorBody } from './errors.ts'
import { operation } from './operation.ts'
import {
  ApiGroup,
  InNamespace,
  KindRef,
  KubernetesObject,
  ObjectName,
  ObjectRef,
  Place,
  ResourceName,
  Tone,
} from './place.ts'
import { propagations } from './removal.ts'

/** Another object that belongs to one: its owner, its child, what it uses or is used by. */
export const Relation = KindRef.extend({
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  uid: z.string().optional(),
  relation: z.enum(['owner', 'child', 'uses', 'used by', 'selects', 'selected by', 'runs on']),
  tone: Tone.optional(),
  status: z.string().optional(),
})
export type Relation = z.infer<typeof Relation>

/** Why something is not as it should be, worst first, in words of the product. */
export const Reason = z.object({
  tone: Tone,
  title: z.string(),
  /** What the cluster itself said about it. */
  detail: z.string(),
  /** Where to look next: a container, a node, an event. */
  about: z.string().optional(),
})
export type Reason = z.infer<typeof Reason>

export const ClusterEvent = z.object({
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  count: z.number().int(),
  firstAt: z.string().optional(),
  lastAt: z.string().optional(),
  /** `Pod/web-1`. */
  object: z.string(),
  namespace: z.string().optional(),
  source: z.string(),
})
export type ClusterEvent = z.infer<typeof ClusterEvent>

const Events = z.object({
  /** Newest first. */
  events: z.array(ClusterEvent),
  /** The person may not see events here; the list is empty for that reason. */
  forbidden: z.boolean(),
  /** There are more than were read. */
  truncated: z.boolean().optional(),
})

/** What became of one document of an apply. */
export const DocumentResult = z.object({
  /** From 0, as written. */
  index: z.number().int(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  status: z.enum(['created', 'changed', 'unchanged', 'conflict', 'failed']),
  /** Before and after as the server sees them, without managedFields; absent when it failed. */
  before: KubernetesObject.optional(),
  after: KubernetesObject.optional(),
  error: ErrorBody.optional(),
  /** Fields that somebody else owns; nothing was taken from them. */
  conflicts: z.array(z.object({ manager: z.string(), field: z.string() })).optional(),
})
export type DocumentResult = z.infer<typeof DocumentResult>

const at = '/clusters/:cluster/profiles/:profile'
const Dry = z.boolean().default(false)

export const objects = {
  get: operation({
    method: 'GET',
    path: `${at}/object`,
    needs: 'person',
    summary:
      'One object, whole. Values of a Secret are left out: their keys stay, with empty values.',
    input: ObjectRef,
    output: z.object({ object: KubernetesObject }),
  }),
  describe: operation({
    method: 'GET',
    path: `${at}/description`,
    needs: 'person',
    summary: 'Why an object is not ready, and what it belongs to.',
    input: ObjectRef,
    output: z.object({
      tone: Tone,
      status: z.string(),
      reasons: z.array(Reason),
      relations: z.array(Relation),
      /** There are more relations than are listed, or more than were looked at. */
      truncated: z.boolean().optional(),
      /** Kinds that could not be asked for relations. */
      unseen: z.array(z.string()),
    }),
  }),
  events: operation({
    method: 'GET',
    path: `${at}/object-events`,
    needs: 'person',
    summary: 'Events about one object.',
    input: Place.extend({
      namespace: InNamespace.optional(),
      kind: z.string().max(100).optional(),
      name: ObjectName.optional(),
      uid: z.string().max(64).optional(),
    }),
    output: Events,
  }),
  /** A replacement of the very version that was read: someone else’s change in between is a conflict. */
  replace: operation({
    method: 'POST',
    path: `${at}/object/replace`,
    needs: 'person',
    summary:
      'Writes an edited object if nobody changed it since it was read; `dry` only shows the result.',
    input: ObjectRef.extend({ object: KubernetesObject, dry: Dry }),
    output: z.object({ before: KubernetesObject, after: KubernetesObject }),
  }),
  apply: operation({
    method: 'POST',
    path: `${at}/apply`,
    needs: 'person',
    summary:
      'Applies YAML documents by server-side apply, never by force. When any failed the answer is an error that carries the result of each.',
    input: Place.extend({
      /** For documents that name none. */
      namespace: InNamespace.optional(),
      documents: z.string().min(1).max(1_500_000),
      dry: Dry,
    }),
    output: z.object({ documents: z.array(DocumentResult) }),
  }),
  remove: operation({
    method: 'POST',
    path: `${at}/object/remove`,
    needs: 'person',
    summary:
      'Deletes one object. What many depend on must be confirmed by its name; protected namespaces stay.',
    input: ObjectRef.extend({
      /** Deletes only this very object, not one that took its name. */
      uid: z.string().max(64).optional(),
      /** Unless said, foreground for Jobs and StatefulSets, else background. */
      propagation: z.enum(propagations).optional(),
      graceSeconds: z.number().int().min(0).max(86_400).optional(),
      /** The object’s name, typed; needed where much depends on the kind, see `isGuarded`. */
      confirm: z.string().max(253).optional(),
      dry: Dry,
    }),
    output: z.object({ status: z.enum(['deleted', 'deleting']), message: z.string() }),
  }),
  createNamespace: operation({
    method: 'POST',
    path: `${at}/namespaces`,
    needs: 'person',
    summary: 'Makes a namespace.',
    input: Place.extend({ name: InNamespace }),
    output: z.object({ message: z.string() }),
  }),
  namespaces: operation({
    method: 'GET',
    path: `${at}/namespaces`,
    needs: 'person',
    summary:
      'The namespaces of a cluster; those of the person’s grants when the cluster may not be asked.',
    input: Place,
    output: z.object({
      /** False: the names are those that the grants name, or none. */
      canList: z.boolean(),
      items: z.array(
        z.object({ name: z.string(), status: z.string(), createdAt: z.string().optional() }),
      ),
    }),
  }),
  find: operation({
    method: 'GET',
    path: `${at}/kind-of`,
    needs: 'person',
    summary: 'The served version of a kind that is known by group and resource only.',
    input: Place.extend({ group: ApiGroup, resource: ResourceName }),
    output: KindRef.extend({ kind: z.string(), namespaced: z.boolean() }),
  }),
}
