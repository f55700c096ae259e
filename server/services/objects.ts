import type { z } from 'zod'
import { AppError, invalidField } from '../contract/errors.ts'
import type { objects } from '../contract/objects.ts'
import type { KubernetesObject, ObjectRef } from '../contract/place.ts'
import { usualPropagation } from '../contract/removal.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { openPlace, type ClusterDeps } from './cluster-calls.ts'
import { checkRemoval } from './confirmation.ts'
import { isSecret, shown, withValues } from './secret-values.ts'

type Input<Name extends keyof typeof objects> = z.output<(typeof objects)[Name]['input']>

/** Who is named in managedFields for what the console writes. */
export const fieldManager = 'gatehouse-console'

export async function getObject(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, ...ref }: Input<'get'>,
): Promise<KubernetesObject> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const { body } = await place.call({ method: 'GET', ...ref, keysOnly: true })
  return shown(ref, body)
}

/** Writes the very version that was read: someone else’s change in between is a conflict. */
export async function replaceObject(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, object, dry, ...ref }: Input<'replace'>,
): Promise<{ before: KubernetesObject; after: KubernetesObject }> {
  const place = await openPlace(deps, actor, { cluster, profile })
  await place.permit({ method: 'PUT', ...ref })
  const sent = checkIdentity(ref, object)
  const before = (await place.call({ method: 'GET', ...ref })).body
  const { uid, resourceVersion } = metadataOf(before)
  if (uid !== sent.uid)
    throw new AppError('conflict', `"${ref.name}" was deleted and made anew since it was read`)
  if (resourceVersion !== sent.resourceVersion)
    throw new AppError('conflict', `"${ref.name}" was changed by somebody else since it was read`)
  const whole = isSecret(ref) ? withValues(object, before) : object
  const { body: after } = await place.call({
    method: 'PUT',
    ...ref,
    // Without them the cluster keeps what it knows of who owns which field.
    body: withoutManaged(whole),
    query: { fieldManager, fieldValidation: 'Strict', ...(dry && { dryRun: 'All' }) },
    ...(dry && { detail: { dryRun: 'true' } }),
  })
  return { before: presented(ref, before), after: presented(ref, after) }
}

/** That what is written is what the path names; the decision was made on the path. */
function checkIdentity(ref: Omit<ObjectRef, 'cluster' | 'profile'>, object: KubernetesObject) {
  const { uid, resourceVersion, name, namespace } = metadataOf(object)
  const apiVersion = ref.group === '' ? ref.version : `${ref.group}/${ref.version}`
  if (object['apiVersion'] !== apiVersion)
    throw invalidField('object.apiVersion', `must be ${apiVersion}`)
  if (name !== ref.name) throw invalidField('object.metadata.name', `must stay "${ref.name}"`)
  if (namespace !== ref.namespace)
    throw invalidField('object.metadata.namespace', `must stay "${ref.namespace ?? ''}"`)
  for (const [field, value] of Object.entries({ uid, resourceVersion }))
    if (typeof value !== 'string' || value === '')
      throw invalidField(`object.metadata.${field}`, 'is missing: read the object again')
  return { uid, resourceVersion }
}

const metadataOf = ({ metadata }: KubernetesObject): Readonly<Record<string, unknown>> =>
  typeof metadata === 'object' && metadata !== null ? (metadata as Record<string, unknown>) : {}

function withoutManaged(object: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...metadata } = metadataOf(object)
  return { ...object, metadata }
}

/** As answers show an object: without managedFields and the values of a Secret. */
export const presented = (
  kind: { readonly group: string; readonly resource: string },
  object: KubernetesObject,
): KubernetesObject => withoutManaged(shown(kind, object))

const policies = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' } as const

export async function removeObject(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, uid, propagation, graceSeconds, confirm, dry, ...ref }: Input<'remove'>,
): Promise<{ status: 'deleted' | 'deleting'; message: string }> {
  const place = await openPlace(deps, actor, { cluster, profile })
  await place.permit({ method: 'DELETE', ...ref })
  checkRemoval({ ...ref, confirm, dry })
  const { body } = await place.call({
    method: 'DELETE',
    ...ref,
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: policies[propagation ?? usualPropagation(ref)],
      ...(graceSeconds !== undefined && { gracePeriodSeconds: graceSeconds }),
      ...(uid !== undefined && { preconditions: { uid } }),
      ...(dry && { dryRun: ['All'] }),
    },
    ...(dry && { detail: { dryRun: 'true' } }),
  })
  const isEnding = metadataOf(body)['deletionTimestamp'] !== undefined
  const what = `${ref.resource}/${ref.name}`
  if (dry) return { status: isEnding ? 'deleting' : 'deleted', message: `${what} would be deleted` }
  return isEnding
    ? { status: 'deleting', message: `${what} is being deleted` }
    : { status: 'deleted', message: `${what} was deleted` }
}
