import type { Cluster } from '../../../../test/support/cluster/index.ts'
import { patchType, restartPatch } from './restarts.ts'
import { jsonHeaders, poolTo } from './pods.ts'

/** Somebody who tells when a change of a pod has arrived. */
export interface Arrivals {
  /** With the moment, in milliseconds since 1970. */
  onChange: ((uid: string, version: string, at: number) => void) | undefined
  /** These pods will change. */
  expect(uids: readonly string[]): void
}

export interface Probed {
  readonly uid: string
  readonly namespace: string
  readonly name: string
}

const now = () => performance.timeOrigin + performance.now()

/** Ten times a second changes a pod, and gives the milliseconds from the cluster’s answer to each arrival. */
export async function probe(
  cluster: Cluster,
  pods: readonly Probed[],
  arrivals: Arrivals,
  seconds: number,
): Promise<number[]> {
  const pool = poolTo(cluster, 2)
  const headers = { ...jsonHeaders(cluster), 'content-type': patchType }
  const arrived = new Map<string, { version: bigint; at: number }[]>()
  arrivals.onChange = (uid, version, at) => {
    const known = arrived.get(uid) ?? []
    known.push({ version: BigInt(version), at })
    arrived.set(uid, known)
  }
  arrivals.expect(pods.map((it) => it.uid))
  const made: { uid: string; version: bigint; at: number }[] = []
  const until = performance.now() + seconds * 1000
  for (let turn = 0; performance.now() < until; turn += 1) {
    const due = performance.now() + 100
    const pod = pods[turn % pods.length]
    if (!pod) throw new Error('no pod is watched')
    const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/status`
    const body = restartPatch(1000 + turn)
    const answer = await pool.request({ method: 'PATCH', path, headers, body })
    const at = now()
    const changed = (await answer.body.json()) as { metadata: { resourceVersion: string } }
    made.push({ uid: pod.uid, version: BigInt(changed.metadata.resourceVersion), at })
    await wait(due - performance.now())
  }
  await wait(2000)
  await pool.close()
  arrivals.onChange = undefined
  return made.map(({ uid, version, at }) => {
    const seen = arrived.get(uid)?.find((it) => it.version >= version)
    // What never came counts as very late, not as nothing.
    return seen ? Math.max(0, seen.at - at) : Infinity
  })
}

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)))
