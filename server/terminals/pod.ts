import { z } from 'zod'
import type { Access } from '../access/index.ts'
import { AppError } from '../contract/errors.ts'
import type { Upstreams } from '../proxy/upstream/index.ts'
import { askCluster } from './ask-cluster.ts'

const Container = z.object({
  name: z.string(),
  tty: z.boolean().optional(),
  stdin: z.boolean().optional(),
})

const State = z.object({
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.looseObject({}).optional(),
  terminated: z
    .object({
      reason: z.string().optional(),
      exitCode: z.number().optional(),
      finishedAt: z.string().optional(),
    })
    .optional(),
})
export type ContainerState = z.infer<typeof State>

const containers = z.array(Container).optional()
const ContainerStatus = z.object({
  name: z.string(),
  state: State.optional(),
  lastState: State.optional(),
  containerID: z.string().optional(),
  restartCount: z.number().optional(),
})
type ContainerStatus = z.infer<typeof ContainerStatus>
const statuses = z.array(ContainerStatus).optional()

/** What of a pod matters to whoever enters it. */
export const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    annotations: z.record(z.string(), z.string()).optional(),
    resourceVersion: z.string().optional(),
  }),
  spec: z.object({
    containers,
    initContainers: containers,
    ephemeralContainers: containers,
    restartPolicy: z.string().optional(),
  }),
  status: z
    .object({
      phase: z.string().optional(),
      containerStatuses: statuses,
      initContainerStatuses: statuses,
      ephemeralContainerStatuses: statuses,
    })
    .optional(),
})
export type Pod = z.infer<typeof Pod>

interface Where {
  readonly namespace: string
  readonly pod: string
}

/** The path of a pod’s namespace, or of what is in it. */
export const podsPath = (namespace: string) =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`
export const podPath = ({ namespace, pod }: Where) =>
  `${podsPath(namespace)}/${encodeURIComponent(pod)}`

/** Reads one pod; whether that may be was decided before. @throws AppError */
export async function readPod(
  upstreams: Upstreams,
  access: Access,
  where: Where & { readonly auditId: string },
): Promise<Pod> {
  const { auditId } = where
  return asPod(
    await askCluster(upstreams, access, { method: 'GET', path: podPath(where), auditId }),
  )
}

export function asPod(answer: unknown): Pod {
  const pod = Pod.safeParse(answer)
  if (!pod.success)
    throw new AppError('bad_gateway', 'The cluster sent something that is not a pod')
  return pod.data
}

/** Which container is meant when none is named, as kubectl has it. */
export function defaultContainer({ metadata, spec }: Pod): string | undefined {
  const wanted = metadata.annotations?.['kubectl.kubernetes.io/default-container']
  const names = spec.containers?.map((it) => it.name) ?? []
  return wanted !== undefined && names.includes(wanted) ? wanted : names[0]
}

/** Those of init first, as they run. */
export const containersOf = ({ spec }: Pod) =>
  [spec.initContainers, spec.containers, spec.ephemeralContainers].flatMap((it) => it ?? [])

export const containerNamed = (pod: Pod, name: string) =>
  containersOf(pod).find((it) => it.name === name)

export const statusOf = ({ status }: Pod, name: string): ContainerStatus | undefined =>
  [status?.containerStatuses, status?.initContainerStatuses, status?.ephemeralContainerStatuses]
    .flatMap((it) => it ?? [])
    .find((it) => it.name === name)

export const stateOf = (pod: Pod, name: string): ContainerState | undefined =>
  statusOf(pod, name)?.state
