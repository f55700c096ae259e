import type { z } from 'zod'
import { AppError, conflict } from '../contract/errors.ts'
import type { DrainItem, nodes } from '../contract/nodes.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { field, statusMessage } from '../proxy/upstream/index.ts'
import { retryAfterOf } from './cluster-answers.ts'
import { openPlace, type ClusterAnswer, type ClusterDeps } from './cluster-calls.ts'
import { DrainPod, planOf } from './drain-plan.ts'
import { fieldManager } from './objects.ts'
import { readPages } from './pages.ts'

type Input<Name extends keyof typeof nodes> = z.output<(typeof nodes)[Name]['input']>
type Evicted = z.output<(typeof nodes)['evict']['output']>

const kind = { group: '', version: 'v1', resource: 'nodes' } as const

export async function cordonNode(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, name, cordoned }: Input<'cordon'>,
): Promise<{ message: string }> {
  const place = await openPlace(deps, actor, { cluster, profile })
  await place.call({
    method: 'PATCH',
    ...kind,
    name,
    contentType: 'application/merge-patch+json',
    body: { spec: { unschedulable: cordoned ? true : null } },
    query: { fieldManager },
    detail: { unschedulable: String(cordoned) },
  })
  return {
    message: cordoned
      ? `The node "${name}" takes no new pods`
      : `The node "${name}" takes pods again`,
  }
}

export async function planDrain(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, name }: Input<'drainPlan'>,
): Promise<DrainItem[]> {
  const place = await openPlace(deps, actor, { cluster, profile })
  await place.call({ method: 'GET', ...kind, name })
  const pods = { group: '', version: 'v1', resource: 'pods' } as const
  const query = { fieldSelector: `spec.nodeName=${name}` }
  const { items, truncated } = await place.survey(() => readPages(place, pods, DrainPod, { query }))
  if (truncated) throw new AppError('too_large', `The node "${name}" has too many pods to plan for`)
  return items.map(planOf)
}

/** Evicts one pod; a disruption budget that holds it is an answer and no failure. */
export async function evictPod(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, namespace, name, uid }: Input<'evict'>,
): Promise<Evicted> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const answer = await place.call({
    method: 'POST',
    group: '',
    version: 'v1',
    resource: 'pods',
    subresource: 'eviction',
    namespace,
    name,
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { namespace, name },
      ...(uid !== undefined && { deleteOptions: { preconditions: { uid } } }),
    },
    accepts: [404, 409, 429],
  })
  return outcomeOf(answer, uid)
}

function outcomeOf(answer: ClusterAnswer, uid: string | undefined): Evicted {
  const { status, body } = answer
  const said = statusMessage({ ...answer, milliseconds: 0 })
  switch (status) {
    case 404:
      return { status: 'gone' }
    case 409:
      // Another pod has taken the name of the one that was meant.
      if (uid !== undefined && /UID in (?:the )?precondition/.test(said)) return { status: 'gone' }
      throw conflict(said)
    case 429: {
      const budget = budgetOf(body)
      const retryAfter = Math.max(retryAfterOf(answer), 1)
      if (budget === undefined) throw new AppError('rate_limited', said, { retryAfter })
      return { status: 'blocked', reason: budget, retryAfter }
    }
    default:
      return { status: 'evicted' }
  }
}

/** What the cluster says of the budget, which is named in it. */
function budgetOf(body: ClusterAnswer['body']): string | undefined {
  const causes = field(field(body, 'details'), 'causes')
  if (!Array.isArray(causes)) return undefined
  const cause: unknown = causes.find((it) => field(it, 'reason') === 'DisruptionBudget')
  const message = field(cause, 'message')
  return typeof message === 'string' ? message.slice(0, 500) : undefined
}
