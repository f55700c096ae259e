import { z } from 'zod'
import type { logs } from '../contract/logs.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { openPlace, type ClusterDeps, type PlaceCaller } from './cluster-calls.ts'

type Read = (typeof logs)['read']
type Input = z.output<Read['input']>

/** Bytes of a log that are handed out at once. */
const mostBytes = 5 * 1024 * 1024
const cutMark = '\n[cut: these lines are more than 5 MiB; ask for fewer]\n'

const pods = { group: '', version: 'v1', resource: 'pods' } as const

/** The last lines of a container; of the one kubectl would take when none is named. */
export async function readLog(
  deps: ClusterDeps,
  actor: ClusterActor,
  input: Input,
): Promise<z.input<Read['output']>> {
  const { cluster, profile, namespace, pod, tail, previous, timestamps } = input
  const place = await openPlace(deps, actor, { cluster, profile })
  const log = { ...pods, subresource: 'log', namespace, name: pod } as const
  // Asked first, so that the record is about the log and not about the pod.
  await place.permit({ method: 'GET', ...log })
  const container = input.container ?? (await defaultContainer(place, namespace, pod))
  const text = await place.text({
    method: 'GET',
    ...log,
    query: {
      tailLines: String(tail),
      limitBytes: String(mostBytes),
      ...(container !== undefined && { container }),
      ...(previous === 'true' && { previous }),
      ...(timestamps === 'true' && { timestamps }),
    },
    limitBytes: mostBytes + 64 * 1024,
  })
  const isCut = Buffer.byteLength(text) >= mostBytes
  return { text: isCut ? text + cutMark : text, ...(container !== undefined && { container }) }
}

const Pod = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.object({ containers: z.array(z.object({ name: z.string() })) }),
})

/** Nothing where the pod may not be read: the cluster then takes the only one, or says that there are several. */
async function defaultContainer(
  place: PlaceCaller,
  namespace: string,
  name: string,
): Promise<string | undefined> {
  const asked = await place.judge({ verb: 'get', ...pods, namespace, name })
  if (asked.status === 'refused') return undefined
  const { body } = await place.call({ method: 'GET', ...pods, namespace, name })
  const pod = Pod.safeParse(body).data
  const wanted = pod?.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  const names = pod?.spec.containers.map((it) => it.name) ?? []
  return wanted !== undefined && names.includes(wanted) ? wanted : names[0]
}
