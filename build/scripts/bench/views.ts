import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster } from '../../../test/support/cluster/index.ts'
import type { Section } from './results.ts'
import { say } from './say.ts'
import { formatTable } from './table.ts'
import { atRest } from './views/at-rest.ts'
import { underChange } from './views/under-change.ts'
import { copyPods, makeNamespaces, modelCount, postPods } from './views/pods.ts'
import { endOthers } from './views/quiet.ts'

const usual = [10_000, 50_000]
const titles = { gateway: 'our view', other: 'others', ratio: 'ratio, median (min–max)' }

/** Lists of thousands of pods through a gateway’s views, beside kubectl and a plain informer. */
export async function benchViews(): Promise<Section> {
  const sizes = process.env['GATEHOUSE_BENCH_PODS']?.split(',').map(Number) ?? usual
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  const cluster = await startCluster({ node: false, kwokNodes: 50, progress: say })
  try {
    await makeNamespaces(cluster)
    const tables: string[] = []
    // The rest are copies of these, for which nobody else is needed.
    await postPods(cluster)
    endOthers(cluster)
    let made = modelCount
    for (const size of sizes) {
      say(`${size} pods`)
      await copyPods(cluster, made, size)
      made = size
      const table = await measure(cluster, folder, size)
      // What comes after it may take long, or fail.
      say(table)
      tables.push(`### ${size.toLocaleString('en')} pods`, table)
    }
    return { title: 'Views', text: [...tables, note].join('\n\n') }
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(cluster: Cluster, folder: string, pods: number): Promise<string> {
  const at = { cluster, pods, folder: await mkdtemp(join(folder, 'gateway-')) }
  const rows = [...(await atRest(at)), ...(await underChange(at))]
  return formatTable(rows, titles)
}

const note = `A cold view is the first in a gateway that has just started, from the connection of its window on; a warm one is
another over the same rows, with another question. Both are compared with the whole run of \`kubectl get pods -A\`;
its memory is the most it had, ours what the whole gateway has. The pods have about 9 kB as JSON; most of them
are copies, written into the cluster's store, of pods that its API server made and a simulated node runs. Changes
are written there too, each container's count of restarts: a patch costs an API server of this size 8 ms of
processor time, so that it could not take a thousand a second here. It tells whoever watches as it does of any
other change. While anything is measured, the controllers and the simulator do not run. The latency of a change
is that of patches beside the others, ten a second, from the cluster's answer to whoever made one. The browser
has no GPU: it paints with the processor, some of it in the renderer.`
