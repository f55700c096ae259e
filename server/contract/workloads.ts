import { z } from 'zod'
import { operation } from './operation.ts'
import { ApiGroup, InNamespace, ObjectName, Place, ResourceName } from './place.ts'

/** Something that runs pods and can be scaled, restarted or rolled back. */
const WorkloadRef = Place.extend({
  group: ApiGroup,
  version: z.string().max(63),
  resource: ResourceName,
  namespace: InNamespace,
  name: ObjectName,
})
const CronJobRef = Place.extend({ namespace: InNamespace, name: ObjectName })

const at = '/clusters/:cluster/profiles/:profile/workloads'

export const Revision = z.object({
  revision: z.number().int(),
  current: z.boolean(),
  createdAt: z.string(),
  /** From the annotation kubernetes.io/change-cause. */
  cause: z.string().optional(),
  images: z.array(z.string()),
  /** The pod template as JSON, to be compared. */
  template: z.record(z.string(), z.unknown()),
})
export type Revision = z.infer<typeof Revision>

export const workloads = {
  scale: operation({
    method: 'POST',
    path: `${at}/scale`,
    needs: 'person',
    summary: 'Sets the number of replicas through the scale subresource.',
    input: WorkloadRef.extend({ replicas: z.number().int().min(0).max(10_000) }),
    output: z.object({ message: z.string(), name: z.string(), replicas: z.number().int() }),
  }),
  restart: operation({
    method: 'POST',
    path: `${at}/restart`,
    needs: 'person',
    summary: 'Replaces the pods one after the other, as kubectl rollout restart does.',
    input: WorkloadRef,
    output: z.object({ message: z.string(), timestamp: z.string() }),
  }),
  revisions: operation({
    method: 'GET',
    path: `${at}/revisions`,
    needs: 'person',
    summary: 'What a Deployment, StatefulSet or DaemonSet looked like before, newest first.',
    input: WorkloadRef,
    output: z.object({ revisions: z.array(Revision) }),
  }),
  rollback: operation({
    method: 'POST',
    path: `${at}/rollback`,
    needs: 'person',
    summary: 'Gives a workload the pod template of an earlier revision.',
    input: WorkloadRef.extend({ revision: z.number().int().min(1) }),
    output: z.object({ message: z.string() }),
  }),
  suspend: operation({
    method: 'POST',
    path: `${at}/suspend`,
    needs: 'person',
    summary: 'Suspends a CronJob or lets it go on.',
    input: CronJobRef.extend({ suspended: z.boolean() }),
    output: z.object({ message: z.string() }),
  }),
  trigger: operation({
    method: 'POST',
    path: `${at}/trigger`,
    needs: 'person',
    summary: 'Starts a Job from a CronJob now.',
    input: CronJobRef,
    output: z.object({ message: z.string(), job: z.string() }),
  }),
}
