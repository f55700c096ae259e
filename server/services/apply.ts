import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { AppError, invalidField, toErrorBody, type ErrorCode } from '../contract/errors.ts'
import type { Kind } from '../contract/kinds.ts'
import type { DocumentResult, objects } from '../contract/objects.ts'
import type { KubernetesObject } from '../contract/place.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { field, statusMessage } from '../proxy/upstream/index.ts'
import { openPlace, type Address, type ClusterAnswer, type PlaceCaller } from './cluster-calls.ts'
import { readDocumentsApart } from './documents-apart.ts'
import type { Written } from './documents.ts'
import { lookUp, type KindDeps } from './kinds.ts'
import { fieldManager, presented } from './objects.ts'
import { isSecret, refuseBlanked } from './secret-values.ts'

type Input = z.output<(typeof objects)['apply']['input']>

/** One document on its way. */
interface Applied {
  readonly place: PlaceCaller
  readonly kind: Kind
  readonly namespace: string | undefined
  readonly name: string
  readonly object: KubernetesObject
  readonly dry: boolean
}

/**
 * Applies documents in their order by server-side apply, never by force. One that fails stops none of the
 * others, unless it shows that nothing reaches the cluster any more.
 * @throws AppError with the result of each when any failed.
 */
export async function applyDocuments(
  deps: KindDeps,
  actor: ClusterActor,
  { cluster, profile, namespace, documents: text, dry }: Input,
): Promise<DocumentResult[]> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const results: DocumentResult[] = []
  let stopped: AppError | undefined
  let size = 0
  for (const it of await readDocumentsApart(text)) {
    const result =
      stopped === undefined
        ? await applyOne(deps, place, it, { namespace, dry })
        : { ...titleOf(it), status: 'failed' as const, error: notTried(stopped) }
    results.push(result)
    // A line of YAML may stand for an object of a megabyte, which is answered as it was and as it is.
    size += JSON.stringify(result).length
    if (size > largestAnswer) stopped ??= tooMuch()
    if (result.error && ending.has(result.error.code)) stopped ??= AppError.from(result.error)
  }
  refuseFailed(results)
  return results
}

/** After these the next document would only wait for the same. */
const ending: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'gateway_timeout',
  'unavailable',
  'unauthenticated',
  'rate_limited',
])

/** Characters of what is told about the documents of one apply. */
const largestAnswer = 16 * 1024 * 1024

const tooMuch = () =>
  new AppError('too_large', 'the objects before fill an answer; apply the others by themselves')

const notTried = ({ code, message }: AppError) => ({ code, message: `Not tried: ${message}` })

/** Goes on record. What the cluster says of a Secret may quote it; the answer’s documents tell it. */
const wordsFor = ({ kind, name, error }: DocumentResult) =>
  `${kind} "${name}"${kind === 'Secret' || !error ? '' : `: ${error.message}`}`

function refuseFailed(results: readonly DocumentResult[]): void {
  const failed = results.filter((it) => it.status === 'failed' || it.status === 'conflict')
  if (failed.length === 0) return
  const codes = new Set(failed.map((it) => it.error?.code ?? 'conflict'))
  const [only = 'invalid_input'] = codes
  const message = `${failed.length} of ${results.length} objects could not be applied: ${failed.slice(0, 1).map(wordsFor).join('')}`
  throw new AppError(codes.size === 1 ? only : 'invalid_input', message, {
    documents: results.map((it) => ({ ...it })),
  })
}

function titleOf({ index, object }: Written) {
  const { name, namespace } = metadataOf(object)
  const isNamed = typeof namespace === 'string'
  return {
    index,
    kind: String(object['kind']),
    name: String(name),
    ...(isNamed && { namespace }),
  }
}

const metadataOf = ({ metadata }: KubernetesObject): Readonly<Record<string, unknown>> =>
  typeof metadata === 'object' && metadata !== null ? (metadata as Record<string, unknown>) : {}

async function applyOne(
  deps: KindDeps,
  place: PlaceCaller,
  written: Written,
  { namespace: usual, dry }: { readonly namespace: string | undefined; readonly dry: boolean },
): Promise<DocumentResult> {
  const title = titleOf(written)
  try {
    const { object } = written
    const kind = await kindOf(deps, place, object)
    const namespace = namespaceOf(kind, metadataOf(object)['namespace'], usual)
    const applied = { place, kind, namespace, name: title.name, object, dry }
    return { ...title, ...(namespace !== undefined && { namespace }), ...(await apply(applied)) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ...title, status: 'failed', error: toErrorBody(error) }
  }
}

async function kindOf(
  deps: KindDeps,
  place: PlaceCaller,
  { apiVersion, kind }: KubernetesObject,
): Promise<Kind> {
  const [version = '', group = ''] = String(apiVersion).split('/').reverse()
  const found = await lookUp(
    deps,
    place,
    (it) => it.kind === kind && it.group === group && it.version === version,
  )
  if (found?.verbs.includes('patch') === true) return found
  const what = `${String(kind)} of ${String(apiVersion)}`.slice(0, 200)
  throw found
    ? invalidField('kind', `${what} cannot be applied`)
    : invalidField('kind', `the cluster "${place.place.cluster}" serves no ${what}`)
}

function namespaceOf({ namespaced, kind }: Kind, given: unknown, usual: string | undefined) {
  if (given !== undefined && typeof given !== 'string')
    throw invalidField('metadata.namespace', 'is not a name')
  if (!namespaced) {
    if (given === undefined || given === '') return undefined
    throw invalidField('metadata.namespace', `a ${kind} is in no namespace`)
  }
  const namespace = given === undefined || given === '' ? usual : given
  if (namespace === undefined)
    throw invalidField('metadata.namespace', 'names no namespace, and none was chosen')
  return namespace
}

type Outcome = Pick<DocumentResult, 'status' | 'before' | 'after' | 'error' | 'conflicts'>

async function apply({ place, kind, namespace, name, object, dry }: Applied): Promise<Outcome> {
  const { group, version, resource } = kind
  const address = { group, version, resource, namespace, name }
  const change = { method: 'PATCH', ...address, also: ['create'] } as const
  // Before anything is read: whoever may not apply learns nothing of what is there.
  await place.permit(change)
  const before = await readBefore(place, address)
  if (isSecret(kind)) refuseBlanked(object, before)
  const { managedFields: _, ...metadata } = metadataOf(object)
  const answer = await place.call({
    ...change,
    contentType: 'application/apply-patch+yaml',
    body: { ...object, metadata: { ...metadata, ...(namespace !== undefined && { namespace }) } },
    query: { fieldManager, fieldValidation: 'Strict', ...(dry && { dryRun: 'All' }) },
    accepts: [409],
    ...(dry && { detail: { dryRun: 'true' } }),
  })
  if (answer.status === 409) return conflictOf(answer)
  const after = presented(kind, answer.body)
  const known = typeof before === 'string' ? undefined : before
  const isSame = known !== undefined && isDeepStrictEqual(bare(known), bare(answer.body))
  return {
    status: answer.status === 201 ? 'created' : isSame ? 'unchanged' : 'changed',
    ...(known && { before: presented(kind, known) }),
    after,
  }
}

/** Applying needs no right to read; without it there is nothing to compare with. */
async function readBefore(
  place: PlaceCaller,
  address: Address,
): Promise<KubernetesObject | 'absent' | 'unread'> {
  const decision = await place.judge({ verb: 'get', ...address })
  if (decision.status === 'refused') return 'unread'
  const { status, body } = await place.call({
    method: 'GET',
    ...address,
    accepts: [403, 404],
  })
  if (status === 404) return 'absent'
  return status === 200 ? body : 'unread'
}

/** What is compared: not who owns a field, nor the counters that every write moves. */
function bare(object: KubernetesObject): KubernetesObject {
  const { managedFields: _, resourceVersion: __, ...metadata } = metadataOf(object)
  return { ...object, metadata }
}

function conflictOf({ status, body }: ClusterAnswer): Outcome {
  const causes = field(field(body, 'details'), 'causes')
  const conflicts = (Array.isArray(causes) ? causes : []).flatMap((it: unknown) => {
    if (field(it, 'reason') !== 'FieldManagerConflict') return []
    const [message, path] = [field(it, 'message'), field(it, 'field')].map(String)
    const manager = /^conflict with "([^"]*)"/.exec(message ?? '')?.[1]
    return [{ manager: manager ?? '', field: path ?? '' }]
  })
  const message = statusMessage({ status, body, milliseconds: 0 })
  return {
    status: 'conflict',
    error: { code: 'conflict', message },
    ...(conflicts.length > 0 && { conflicts }),
  }
}
