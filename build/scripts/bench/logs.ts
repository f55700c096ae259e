import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster } from '../../../test/support/cluster/index.ts'
import { simulatedNode } from '../../../test/support/cluster/kwok.ts'
import { startLabGateway, type LabGateway, type LabPerson } from '../lab/gateway.ts'
import { cpuSeconds } from './cpu.ts'
import { benchInPage } from './logs/in-page.ts'
import { readLogs } from './logs/log-client.ts'
import { runKubectl } from './views/kubectl.ts'
import type { Section } from './results.ts'
import { say } from './say.ts'
import { formatTable, median, type Row } from './table.ts'

const namespace = 'bench'
const lines = Number(process.env['GATEHOUSE_BENCH_LINES'] ?? 300_000)
const rounds = 5
const titles = { gateway: 'our stream', other: '`kubectl logs` at the cluster' }

interface Place {
  readonly cluster: Cluster
  readonly lab: LabGateway
  readonly person: LabPerson
}

/** Lines from a node through the cluster and the gateway to a client, beside `kubectl logs`. */
export async function benchLogs(): Promise<Section> {
  const inPage = await benchInPage()
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  const cluster = await startCluster({ node: false, kwokNodes: 1, progress: say })
  try {
    const lab = await startLabGateway(cluster, folder)
    try {
      await fill(cluster)
      const place = { cluster, lab, person: await lab.person('viewer') }
      const streamed = [...(await compare(place, 'one', 1)), ...(await compare(place, 'four', 4))]
      const rows = [...streamed, ...inPage]
      return { title: 'Logs', text: `${formatTable(rows, titles)}\n\n${note}` }
    } finally {
      await lab.stop()
    }
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Pods of one container and of four, all of which show one long log. */
async function fill(cluster: Cluster): Promise<void> {
  await cluster.api.want('/api/v1/namespaces', {
    method: 'POST',
    body: { metadata: { name: namespace } },
  })
  for (const [name, count] of [
    ['one', 1],
    ['four', 4],
  ] as const) {
    const containers = Array.from({ length: count }, (_, at) => ({ name: `c${at}`, image: 'none' }))
    const tolerations = [{ operator: 'Exists' }]
    await cluster.api.want(`/api/v1/namespaces/${namespace}/pods`, {
      method: 'POST',
      body: { metadata: { name }, spec: { nodeSelector: simulatedNode, tolerations, containers } },
    })
    await cluster.waitForPod(namespace, name)
  }
  const words = 'a line that says as much as most do, and then its own number:'
  const text = Array.from({ length: lines }, (_, at) => `${timeOf(at)} stdout F ${words} ${at}\n`)
  await appendFile(join(cluster.folder, 'simulated.log'), text.join(''))
}

/** Twenty thousand a second. */
const timeOf = (at: number) =>
  new Date(Date.UTC(2026, 0, 1) + Math.floor(at / 20)).toISOString().replace('Z', nanos(at))
const nanos = (at: number) => `${String((at % 20) * 50_000).padStart(6, '0')}Z`

async function compare(place: Place, pod: string, containers: number): Promise<Row[]> {
  const { cluster, lab, person } = place
  const total = lines * containers
  const ours: { rate: number; cpu: number; node: number }[] = []
  const theirs: { rate: number; cpu: number }[] = []
  const node = cluster.parts().find((it) => it.name === 'kwok')?.pid ?? 0
  // The first round only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const before = { gateway: cpuSeconds(lab.pid), node: cpuSeconds(node) }
    const seconds = await readLogs(lab, person, { namespace, pod, lines, containers })
    const cpu = (cpuSeconds(lab.pid) - before.gateway) / total
    const nodeCpu = (cpuSeconds(node) - before.node) / total
    const command = ['-n', namespace, 'logs', pod, '--timestamps', '--all-containers']
    const run = await runKubectl(cluster, command)
    say(
      `${pod}: ${Math.round(total / seconds)} lines a second, kubectl ${Math.round(total / (run.whole / 1000))}`,
    )
    if (round === 0) continue
    ours.push({ rate: total / seconds, cpu, node: nodeCpu })
    theirs.push({ rate: total / (run.whole / 1000), cpu: run.cpu / total })
  }
  const ratios = ours.map((it, at) => it.rate / (theirs[at]?.rate ?? Number.NaN))
  const microseconds = (values: number[]) => `${(median(values) * 1e6).toFixed(1)} µs`
  const rate = (all: readonly { rate: number }[]) =>
    `${Math.round(median(all.map((it) => it.rate))).toLocaleString('en')}`
  const own = median(ours.map((it) => it.cpu))
  const what = containers === 1 ? 'one container' : `${containers} containers`
  return [
    {
      what: `${what}: lines a second, all there and in order`,
      gateway: rate(ours),
      other: rate(theirs),
      ratio: `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
      goal: '100,000',
    },
    {
      what: `${what}: CPU per line`,
      gateway: `gateway ${microseconds(ours.map((it) => it.cpu))}`,
      other: `kubectl ${microseconds(theirs.map((it) => it.cpu))}; the node ${microseconds(ours.map((it) => it.node))}`,
      ratio: `${Math.round(1 / own / 1000) * 1000} a second fill a core of the gateway`,
      goal: '',
    },
  ]
}

const note = `The node is simulated, but reads logs with the kubelet's own code, a line at a time; its time per line bounds what one
container can bring. Our client takes every line apart, counts, and acknowledges it, as the log pane does. The
client has as many lines under way as the stream lets it. In the page, it is the product's own feed and worker in
a real Chromium, with as much under way as the gateway allows; kubectl has nothing to stand beside that.`
