import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { conflict, invalidField } from '../contract/errors.ts'
import type { workloads } from '../contract/workloads.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { readAs } from './cluster-answers.ts'
import { openPlace, type Address, type ClusterDeps } from './cluster-calls.ts'
import { fieldManager } from './objects.ts'

type Input<Name extends keyof typeof workloads> = z.output<(typeof workloads)[Name]['input']>

const merge = { contentType: 'application/merge-patch+json', query: { fieldManager } } as const

const Scale = z.object({ spec: z.object({ replicas: z.number().int().default(0) }).nullish() })

/** Sets the number of replicas of anything that can be scaled, kinds of CRDs included. */
export async function scaleWorkload(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, replicas, ...ref }: Input<'scale'>,
): Promise<{ message: string; name: string; replicas: number }> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const { body } = await place.call({
    method: 'PATCH',
    ...ref,
    subresource: 'scale',
    ...merge,
    body: { spec: { replicas } },
    detail: { replicas: String(replicas) },
  })
  const set = readAs(Scale, body, place.place).spec?.replicas ?? 0
  const message = `${ref.resource}/${ref.name} is scaled to ${set}`
  return { message, name: ref.name, replicas: set }
}

const rolled: ReadonlySet<string> = new Set(['deployments', 'statefulsets', 'daemonsets'])

/** @throws AppError invalid_input for what has no rollout. */
export function checkRolled({ group, resource }: Pick<Address, 'group' | 'resource'>): void {
  if (group !== 'apps' || !rolled.has(resource))
    throw invalidField('resource', 'only Deployments, StatefulSets and DaemonSets are rolled out')
}

const Paused = z.object({ spec: z.object({ paused: z.boolean().default(false) }) })

export async function restartWorkload(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, ...ref }: Input<'restart'>,
): Promise<{ message: string; timestamp: string }> {
  checkRolled(ref)
  const place = await openPlace(deps, actor, { cluster, profile })
  await place.permit({ method: 'PATCH', ...ref })
  const { body } = await place.call({ method: 'GET', ...ref })
  if (readAs(Paused, body, place.place).spec.paused)
    throw conflict(
      `${ref.resource}/${ref.name} is paused: it would not restart until it is resumed`,
    )
  const timestamp = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const annotations = { 'kubectl.kubernetes.io/restartedAt': timestamp }
  await place.call({
    method: 'PATCH',
    ...ref,
    ...merge,
    body: { spec: { template: { metadata: { annotations } } } },
    detail: { restart: timestamp },
  })
  return { message: `${ref.resource}/${ref.name} restarts its pods`, timestamp }
}

const cronJobs = { group: 'batch', version: 'v1', resource: 'cronjobs' } as const

export async function suspendCronJob(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, suspended, ...ref }: Input<'suspend'>,
): Promise<{ message: string }> {
  const place = await openPlace(deps, actor, { cluster, profile })
  await place.call({
    method: 'PATCH',
    ...cronJobs,
    ...ref,
    ...merge,
    body: { spec: { suspend: suspended } },
    detail: { suspend: String(suspended) },
  })
  return { message: `cronjobs/${ref.name} ${suspended ? 'is suspended' : 'goes on'}` }
}

const words = z.record(z.string(), z.string()).optional()

const CronJob = z.object({
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.object({
    jobTemplate: z.object({
      metadata: z.object({ labels: words, annotations: words }).optional(),
      spec: z.record(z.string(), z.unknown()),
    }),
  }),
})

/** Starts a Job from a CronJob, as `kubectl create job --from` does. */
export async function triggerCronJob(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, namespace, name }: Input<'trigger'>,
): Promise<{ message: string; job: string }> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const jobs = { group: 'batch', version: 'v1', resource: 'jobs', namespace } as const
  await place.permit({ method: 'POST', ...jobs })
  const { body } = await place.call({ method: 'GET', ...cronJobs, namespace, name })
  const { metadata, spec } = readAs(CronJob, body, place.place)
  const job = jobName(name)
  const { labels, annotations } = spec.jobTemplate.metadata ?? {}
  // Not blocking the deletion of its owner: that would need a right of its own.
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
  }
  await place.call({
    method: 'POST',
    ...jobs,
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: job,
        annotations: { ...annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
        ...(labels && { labels }),
        ownerReferences: [owner],
      },
      spec: spec.jobTemplate.spec,
    },
    query: { fieldManager },
    detail: { name: job, from: `cronjobs/${name}` },
  })
  return { message: `jobs/${job} was started from cronjobs/${name}`, job }
}

/** Names of Jobs become labels of their pods, which hold 63 characters. */
export function jobName(cronJob: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  const ending = Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('')
  const suffix = `-manual-${ending}`
  return cronJob.slice(0, 63 - suffix.length).replace(/[^a-z0-9]+$/, '') + suffix
}
