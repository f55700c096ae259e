import { z } from 'zod'
import type { DrainItem } from '../contract/nodes.ts'

/** What of a pod decides whether a drain moves it. */
export const DrainPod = z.object({
  metadata: z.object({
    namespace: z.string().default(''),
    name: z.string(),
    uid: z.string().default(''),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z
      .array(
        z.object({ kind: z.string(), name: z.string(), controller: z.boolean().default(false) }),
      )
      .default([]),
  }),
  spec: z
    .object({
      volumes: z
        .array(z.object({ name: z.string(), emptyDir: z.unknown().optional() }))
        .default([]),
    })
    .default({ volumes: [] }),
  status: z.object({ phase: z.string().default('') }).default({ phase: '' }),
})
type DrainPod = z.output<typeof DrainPod>

const mirror = 'kubernetes.io/config.mirror'

/** What draining would do to a pod, by the rules of `kubectl drain`. */
export function planOf(pod: DrainPod): DrainItem {
  const { namespace, name, uid } = pod.metadata
  return { namespace, name, uid, ...actionOf(pod) }
}

function actionOf({ metadata, spec, status }: DrainPod): Pick<DrainItem, 'action' | 'reason'> {
  if (mirror in metadata.annotations)
    return { action: 'stays', reason: 'it mirrors a file of the node' }
  if (metadata.deletionTimestamp !== undefined)
    return { action: 'evict', reason: 'it is ending already' }
  if (status.phase === 'Succeeded' || status.phase === 'Failed')
    return { action: 'evict', reason: 'it has finished' }
  const controller = metadata.ownerReferences.find((it) => it.controller)
  if (controller?.kind === 'DaemonSet')
    return { action: 'stays', reason: `the DaemonSet "${controller.name}" would start it again` }
  if (!controller)
    return { action: 'refuses', reason: 'no controller would start it on another node' }
  const kept = spec.volumes.filter((it) => it.emptyDir !== undefined).map((it) => it.name)
  if (kept.length > 0)
    return { action: 'refuses', reason: `what is in its emptyDir is lost: ${kept.join(', ')}` }
  return { action: 'evict' }
}
