import type { z } from 'zod'
import { AppError } from '../contract/errors.ts'
import type { Capability } from '../contract/grants.ts'
import type { RightRule, rights } from '../contract/rights.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { capabilities } from '../policies/capabilities.ts'
import { cutToScopes, readRules, scopesIn } from '../policies/rules.ts'
import { coversEverything } from '../policies/scope.ts'
import { field } from '../proxy/upstream/index.ts'
import { openPlace, type ClusterDeps, type PlaceCaller } from './cluster-calls.ts'

type Input<Name extends keyof typeof rights> = z.output<(typeof rights)[Name]['input']>
type Ask = Input<'check'>['asks'][number]

interface Verdict {
  readonly allowed: boolean
  readonly reason?: string
}

interface Rights {
  readonly rules: RightRule[]
  readonly capabilities: Capability[]
  readonly incomplete: boolean
}

const reviews = { group: 'authorization.k8s.io', version: 'v1', method: 'POST' } as const

/** What the profile may do in a namespace, cut down to what the person’s grants cover. */
export async function listRights(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, namespace }: Input<'rules'>,
): Promise<Rights> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const { body } = await place.call({
    ...reviews,
    resource: 'selfsubjectrulesreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace },
    },
  })
  const access = await place.rights()
  const given = readRules(field(body['status'], 'resourceRules'))
  const cut = cutToScopes(given, access, namespace)
  if (cut === 'too many')
    throw new AppError('bad_gateway', 'The cluster answered with too many rules to be cut down')
  const scopes = scopesIn(access, namespace)
  return {
    rules: cut.rules.map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs: [...verbs],
      groups: [...apiGroups],
      resources: [...resources],
      names: [...(resourceNames ?? [])],
    })),
    capabilities: capabilities.filter((it) =>
      scopes.some((scope) => scope.capabilities.includes(it)),
    ),
    incomplete: field(body['status'], 'incomplete') === true || cut.withheld.length > 0,
  }
}

/** Questions that are under way in the cluster at a time. */
const atOnce = 10

/** Whether each of some things is allowed, by the scope first and then by the cluster. */
export async function checkRights(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, asks }: Input<'check'>,
): Promise<Verdict[]> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const verdicts: Verdict[] = []
  for (let from = 0; from < asks.length; from += atOnce) {
    const some = asks.slice(from, from + atOnce)
    verdicts.push(...(await Promise.all(some.map((ask) => check(place, ask)))))
  }
  return verdicts
}

async function check(place: PlaceCaller, ask: Ask): Promise<Verdict> {
  const refusal = await refusalByScope(place, ask)
  if (refusal !== undefined) return { allowed: false, reason: refusal }
  const { verb, group, resource, subresource, namespace, name } = ask
  const { body } = await place.call({
    ...reviews,
    resource: 'selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, subresource, namespace, name } },
    },
  })
  if (field(body['status'], 'allowed') === true) return { allowed: true }
  const said = field(body['status'], 'reason')
  const why = typeof said === 'string' && said !== '' ? `: ${said.slice(0, 300)}` : ''
  const what = `${verb} ${resource}${group && `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`
  return {
    allowed: false,
    reason: `the profile "${place.place.profile}" has not the right to ${what} in the cluster${why}`,
  }
}

/** As the proxy answers a SelfSubjectAccessReview: what the scope refuses is not asked of the cluster. */
async function refusalByScope(place: PlaceCaller, ask: Ask): Promise<string | undefined> {
  const { verb, group, resource, subresource } = ask
  if ([verb, group, resource, subresource].includes('*')) {
    const access = await place.rights()
    const isWide = access.scopes.some((it) => coversEverything(it.scope, ask.namespace ?? ''))
    return isWide ? undefined : 'a wildcard is wider than the scope of your grants'
  }
  const decision = await place.judge({ ...ask, version: '' })
  return decision.status === 'refused' ? decision.reason : undefined
}
