import { AppError } from '../../contract/errors.ts'
import { cutToScopes, readRules, type ResourceRule } from '../../policies/rules.ts'
import type { KubernetesObject } from '../review-codec.ts'
import { isObject, type Review } from './review.ts'

/** SelfSubjectRulesReview: the cluster’s rules for the profile, cut down to what the grants cover. */
export async function answerRules(review: Review): Promise<KubernetesObject> {
  const { object, call } = review
  const namespace = isObject(object['spec']) ? object['spec']['namespace'] : undefined
  if (typeof namespace !== 'string' || namespace === '')
    throw new AppError('invalid_input', 'spec.namespace: name a namespace')
  const { status } = await review.askCluster()
  const given = isObject(status) ? status : {}
  const rules = readRules(given['resourceRules'])
  const cut = cutToScopes(rules, { ...call.access, scopes: call.access?.scopes ?? [] }, namespace)
  if (cut === 'too many')
    throw new AppError('bad_gateway', 'The cluster answered with too many rules to be cut down')
  const isCut = cut.withheld.length > 0
  return {
    ...object,
    status: {
      resourceRules: [...selfReviews, ...cut.rules] as never,
      nonResourceRules: openPaths as never,
      incomplete: given['incomplete'] === true || isCut,
      ...(isCut && {
        evaluationError: `wildcards here do not include what the grants withhold: ${cut.withheld.join(', ')}`,
      }),
    },
  }
}

const selfReviews: readonly ResourceRule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
]

const openPaths = [
  {
    verbs: ['get'],
    nonResourceURLs: [
      '/api',
      '/api/*',
      '/apis',
      '/apis/*',
      '/openapi/*',
      '/version',
      '/healthz',
      '/livez',
      '/readyz',
    ],
  },
]
