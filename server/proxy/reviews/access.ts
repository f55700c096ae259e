import type { GrantedScope } from '../../access/index.ts'
import { AppError } from '../../contract/errors.ts'
import { coversEverything, decide } from '../../policies/scope.ts'
import type { RequestInfo } from '../request-info.ts'
import type { KubernetesObject } from '../review-codec.ts'
import { isObject, type Review } from './review.ts'

/** SelfSubjectAccessReview: allowed when the scope allows it and the cluster does. */
export async function answerAccess(review: Review): Promise<KubernetesObject> {
  const refusal = refusalOf(review)
  if (refusal !== undefined)
    return { ...review.object, status: { allowed: false, reason: refusal } }
  const { status } = await review.askCluster()
  // What was asked is repeated as asked; only the verdict is the cluster’s.
  return { ...review.object, status: isObject(status) ? (status as never) : { allowed: false } }
}

/** A call that the scope refuses is not asked of the cluster. */
function refusalOf({ object, call }: Review): string | undefined {
  const scopes = call.access?.scopes ?? []
  const info = infoOf(object)
  if (info === 'everything') {
    return scopes.some((it) => isLive(it) && coversEverything(it.scope, namespaceOf(object)))
      ? undefined
      : 'a wildcard is wider than the scope of your grants'
  }
  const decision = decide(info, { ...call.access, scopes }, Date.now())
  return decision.status === 'refused' ? decision.reason : undefined
}

const isLive = ({ expires }: GrantedScope) =>
  expires === undefined || expires.getTime() > Date.now()

function attributesOf({ spec }: KubernetesObject) {
  const of = (name: string) => (isObject(spec) && isObject(spec[name]) ? spec[name] : undefined)
  return { resource: of('resourceAttributes'), path: of('nonResourceAttributes') }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const namespaceOf = (object: KubernetesObject) => text(attributesOf(object).resource?.['namespace'])

/** What is asked about, as if it had been requested. */
function infoOf(object: KubernetesObject): RequestInfo | 'everything' {
  const { resource: it, path } = attributesOf(object)
  if (it) {
    const [verb, group, resource, subresource] = [
      text(it['verb']),
      text(it['group']),
      text(it['resource']),
      text(it['subresource']),
    ]
    if ([verb, group, resource, subresource].includes('*')) return 'everything'
    const name = text(it['name'])
    return {
      kind: 'resource',
      verb,
      apiPrefix: group === '' ? 'api' : 'apis',
      group,
      version: text(it['version']),
      namespace: text(it['namespace']),
      resource,
      subresource,
      name,
      parts: [resource, name, subresource],
    }
  }
  if (path)
    return { kind: 'nonresource', verb: text(path['verb']).toLowerCase(), path: text(path['path']) }
  throw new AppError('invalid_input', 'spec: name resourceAttributes or nonResourceAttributes')
}
