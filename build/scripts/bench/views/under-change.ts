import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { freshBundles } from '../../electron/bundles.ts'
import { startLabGateway, type LabGateway } from '../../lab/gateway.ts'
import { cpuSeconds, residentBytes } from '../cpu.ts'
import { say } from '../say.ts'
import { megabytes, median, quantile, time, type Row } from '../table.ts'
import type { Place } from './at-rest.ts'
import { startChurn, type Churn } from './churn.ts'
import { openConsole, type Console, type Scrolled, type Shown } from './console.ts'
import { startInformer } from './informer.ts'
import { probe, type Arrivals, type Probed } from './probe.ts'
import { pods as kind } from './question.ts'
import { askAround, type Answers } from './questions.ts'
import { openWindow, type ViewsWindow, type WatchedView } from './watched-view.ts'

const wanted = Number(process.env['GATEHOUSE_BENCH_CHANGES'] ?? 1000)
const seconds = 20

/** What one consumer took while pods changed. */
interface Load {
  /** Changes a second that the cluster took. */
  readonly rate: number
  readonly latencies: readonly number[]
  /** Of one core. */
  readonly cpu: number
  readonly memory: number
}

interface Theirs extends Load {
  /** Changes a second that it was told of: an API server that is short of time tells less than it takes. */
  readonly told: number
}

interface Ours extends Load {
  readonly updates: number
  readonly bytes: number
  readonly answers: Answers
}

/** A thousand changes a second: to a view, to a plain informer, and to the console in a browser. */
export async function underChange(place: Place): Promise<Row[]> {
  const { cluster, folder } = place
  const lab = await startLabGateway(cluster, await mkdtemp(join(folder, 'churn-')), {
    environment: { GATEHOUSE_CONSOLE_FOLDER: join(await freshBundles('pinned'), 'renderer') },
  })
  const churn = await startChurn(cluster, wanted)
  try {
    const person = await lab.person('viewer')
    const window = await openWindow(lab, person)
    const view = window.open({ ...kind, limit: 100 })
    await view.until((it) => view.live && it.total === place.pods)
    const probed = [...view.rows.values()].slice(0, 20).flatMap(asProbed)
    const ours = await measureView(place, lab, { churn, window, view, probed })
    window.close()
    const theirs = await measureInformer(place, churn, probed)
    say(`changes a second: ${ours.rate.toFixed(0)} and ${theirs.rate.toFixed(0)}`)
    return rowsOf(ours, theirs, await measureConsole(await openConsole(lab, person), churn))
  } finally {
    await churn.stop()
    await lab.stop()
  }
}

const asProbed = ({
  uid,
  namespace,
  name,
}: {
  uid: string
  namespace?: string | undefined
  name: string
}): Probed[] => (namespace === undefined ? [] : [{ uid, namespace, name }])

async function load(
  { cluster }: Place,
  churn: Churn,
  its: { pid: number; arrivals: Arrivals; probed: readonly Probed[] },
): Promise<Load> {
  // The first seconds warm up both sides.
  await pause(3000)
  await churn.rate()
  const before = cpuSeconds(its.pid)
  const began = performance.now()
  const latencies = await probe(cluster, its.probed, its.arrivals, seconds)
  const took = (performance.now() - began) / 1000
  const cpu = (cpuSeconds(its.pid) - before) / took
  return { rate: await churn.rate(), latencies, cpu, memory: residentBytes(its.pid) }
}

async function measureView(
  place: Place,
  lab: LabGateway,
  its: { churn: Churn; window: ViewsWindow; view: WatchedView; probed: readonly Probed[] },
): Promise<Ours> {
  const { churn, window, view, probed } = its
  const began = { bytes: window.bytes, updates: view.updates, at: performance.now() }
  const taken = await load(place, churn, { pid: lab.pid, arrivals: view, probed })
  const took = (performance.now() - began.at) / 1000
  const bytes = (window.bytes - began.bytes) / took
  const updates = (view.updates - began.updates) / took
  return { ...taken, bytes, updates, answers: await askAround(view) }
}

async function measureInformer(
  place: Place,
  churn: Churn,
  probed: readonly Probed[],
): Promise<Theirs> {
  const informer = await startInformer(place.cluster, place.pods)
  try {
    const { pid } = informer
    const before = await informer.changes()
    const began = performance.now()
    const taken = await load(place, churn, { pid, arrivals: informer, probed })
    const took = (performance.now() - began) / 1000
    return { ...taken, told: ((await informer.changes()) - before) / took }
  } finally {
    await informer.stop()
  }
}

interface InBrowser {
  readonly rate: number
  /** Sorted by name, and by what changes: then every row that is shown is another in each update. */
  readonly byName: Shown
  readonly byChange: Shown
  readonly scrolled: Scrolled
}

async function measureConsole(open: Console, churn: Churn): Promise<InBrowser> {
  const list = '/c/lab@viewer/core/v1/pods'
  try {
    await open.show(list)
    await pause(3000)
    await churn.rate()
    const byName = await open.watch(seconds)
    const rate = await churn.rate()
    const scrolled = await open.scroll(10)
    await open.show(`${list}?sort=-restarts`)
    await pause(3000)
    return { rate, byName, scrolled, byChange: await open.watch(seconds) }
  } finally {
    await open.close()
  }
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

const percent = (part: number) => `${(part * 100).toFixed(1)} % of a core`

function rowsOf(
  ours: Ours,
  theirs: Theirs,
  { rate, byName, byChange, scrolled }: InBrowser,
): Row[] {
  const line = (what: string, gateway: string, other = '—', goal = ''): Row => ({
    what,
    gateway,
    other,
    ratio: '',
    goal,
  })
  const informer = (text: string) => `informer ${text}`
  const part = (it: Load, at: number) => time(quantile(it.latencies, at))
  const answered = (name: keyof Answers) =>
    `${time(median(ours.answers[name]))} (${time(Math.max(...ours.answers[name]))})`
  return [
    line(
      'changes a second',
      ours.rate.toFixed(0),
      `${informer(theirs.rate.toFixed(0))}; browser ${rate.toFixed(0)}`,
      `${wanted}`,
    ),
    line(
      'updates a second to the client',
      ours.updates.toFixed(1),
      informer(theirs.told.toFixed(0)),
      '≤ 10',
    ),
    line('bytes a second to the client', `${(ours.bytes / 1024).toFixed(1)} kB`),
    line('change → update, p50', part(ours, 0.5), informer(part(theirs, 0.5))),
    line('change → update, p99', part(ours, 0.99), informer(part(theirs, 0.99))),
    line('CPU', percent(ours.cpu), informer(percent(theirs.cpu))),
    line('memory', megabytes(ours.memory), informer(megabytes(theirs.memory))),
    line('sort meanwhile: median (most)', answered('sort'), '—', '< 100 ms'),
    line('filter meanwhile: median (most)', answered('filter'), '—', '< 100 ms'),
    line('window meanwhile: median (most)', answered('window'), '—', '< 100 ms'),
    ...browserRows('sorted by name', byName),
    ...browserRows('sorted by what changes', byChange),
    line(
      'browser: frames while all rows scroll by',
      `p50 ${time(scrolled.p50)}, p99 ${time(scrolled.p99)}`,
      `${percent(scrolled.cpu)}, ${scrolled.rows} rows in the page`,
    ),
  ]
}

const browserRows = (how: string, { cpu, tasks, heap, mostHeap, resident }: Shown): Row[] => [
  {
    what: `browser, ${how}: renderer’s CPU`,
    gateway: percent(cpu),
    other: `tasks of its main thread ${percent(tasks)}`,
    ratio: '',
    goal: '< 10 %',
  },
  {
    what: `browser, ${how}: JS heap`,
    gateway: megabytes(heap),
    other: `most ${megabytes(mostHeap)}; process ${megabytes(resident)}`,
    ratio: '',
    goal: '< 200 MB',
  },
]
