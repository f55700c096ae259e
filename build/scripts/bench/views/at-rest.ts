import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from '../../../../test/support/cluster/index.ts'
import { startLabGateway } from '../../lab/gateway.ts'
import { cpuSeconds, residentBytes } from '../cpu.ts'
import { say } from '../say.ts'
import { megabytes, median, time, type Row } from '../table.ts'
import { startInformer, type PlainInformer } from './informer.ts'
import { runKubectl, type CommandRun } from './kubectl.ts'
import { pods as kind } from './question.ts'
import { askAround, type Answers } from './questions.ts'
import { openWindow, type ViewsWindow } from './watched-view.ts'

export interface Place {
  readonly cluster: Cluster
  readonly pods: number
  readonly folder: string
}

interface Cold {
  readonly first: number
  readonly whole: number
  readonly bytes: number
  readonly cpu: number
  readonly memory: number
  readonly warm: readonly number[]
  readonly answers: Answers
}

interface Turn {
  readonly table: CommandRun
  readonly json: CommandRun | undefined
  readonly cold: Cold
}

/** Opening and asking, while nothing changes. */
export async function atRest(place: Place): Promise<Row[]> {
  const { cluster, pods } = place
  const turns: Turn[] = []
  for (let turn = 0; turn < 3; turn += 1) {
    const table = await runKubectl(cluster, ['get', 'pods', '-A'])
    say(`kubectl get pods -A: ${time(table.whole)}`)
    const cold = await openCold(place)
    say(`a cold view: ${time(cold.first)}, whole ${time(cold.whole)}`)
    // Once is enough of what takes longest.
    const json =
      turn === 0 ? await runKubectl(cluster, ['get', 'pods', '-A', '-o', 'json']) : undefined
    turns.push({ table, json, cold })
  }
  const informer = await startInformer(cluster, pods)
  say(`an informer: ${time(informer.first)}, whole ${time(informer.whole)}`)
  await informer.stop()
  return rowsOf(turns, informer)
}

async function openCold({ cluster, pods, folder }: Place): Promise<Cold> {
  const lab = await startLabGateway(cluster, await mkdtemp(join(folder, 'cold-')))
  try {
    const person = await lab.person('viewer')
    const before = cpuSeconds(lab.pid)
    const started = performance.now()
    const window = await openWindow(lab, person)
    try {
      const view = window.open({ ...kind, limit: 100 })
      const opened = await view.until((it) => it.rows.length > 0)
      const isWhole = () => view.live && view.last?.total === pods
      const whole = isWhole() ? opened : await view.until(isWhole)
      return {
        first: opened - started,
        whole: whole - started,
        bytes: window.bytes,
        cpu: cpuSeconds(lab.pid) - before,
        memory: residentBytes(lab.pid),
        warm: await openWarm(window),
        answers: await askAround(view),
      }
    } finally {
      window.close()
    }
  } finally {
    await lab.stop()
  }
}

/** Other questions over rows that are there. */
async function openWarm(window: ViewsWindow): Promise<number[]> {
  const times: number[] = []
  for (const text of ['checkout', 'mail', 'ledger', 'team-3', 'search']) {
    const started = performance.now()
    const view = window.open({ ...kind, limit: 100, text })
    times.push((await view.until((it) => it.total > 0)) - started)
    view.close()
  }
  return times
}

function rowsOf(turns: readonly Turn[], informer: PlainInformer): Row[] {
  const of = (value: (turn: Turn) => number) => turns.map(value)
  const ratio = (value: (turn: Turn) => number) => {
    const ratios = turns.map((turn) => value(turn) / turn.table.whole)
    const [low, high] = [Math.min(...ratios), Math.max(...ratios)]
    return `${median(ratios).toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`
  }
  const [json] = turns.flatMap((it) => it.json ?? [])
  const { cpu, peak } = informer.usage()
  const table = (value: (run: CommandRun) => number) => median(of((it) => value(it.table)))
  const line = (what: string, gateway: string, other: string, rest: Partial<Row> = {}): Row => ({
    what,
    gateway,
    other,
    ratio: '',
    goal: '',
    ...rest,
  })
  const others = (a: string, b: string, c: string) => `table ${a}; json ${b}; informer ${c}`
  return [
    line(
      'cold: first rows',
      time(median(of((it) => it.cold.first))),
      others(time(table((it) => it.first)), time(json?.first ?? NaN), time(informer.first)),
      { ratio: ratio((it) => it.cold.first), goal: '≤ 0.15 of the table' },
    ),
    line(
      'cold: whole',
      time(median(of((it) => it.cold.whole))),
      others(time(table((it) => it.whole)), time(json?.whole ?? NaN), time(informer.whole)),
      { ratio: ratio((it) => it.cold.whole), goal: '≤ 0.5 of the table' },
    ),
    line('warm: another question', time(median(turns.flatMap((it) => it.cold.warm))), '—', {
      ratio: ratio((it) => median(it.cold.warm)),
      goal: '≤ 0.02 of the table',
    }),
    line(
      'CPU until it is whole',
      time(median(of((it) => it.cold.cpu)) * 1000),
      others(time(table((it) => it.cpu) * 1000), time((json?.cpu ?? NaN) * 1000), time(cpu * 1000)),
    ),
    line(
      'memory then',
      megabytes(median(of((it) => it.cold.memory))),
      others(megabytes(table((it) => it.peak)), megabytes(json?.peak ?? NaN), megabytes(peak)),
    ),
    line(
      'bytes to the client until it is whole',
      `${Math.round(median(of((it) => it.cold.bytes)) / 1024)} kB`,
      `table ${megabytes(table((it) => it.bytes))}; json ${megabytes(json?.bytes ?? NaN)}`,
    ),
    ...(['sort', 'filter', 'status', 'window'] as const).map((name) =>
      line(`${name}: median (most)`, both(turns.flatMap((it) => it.cold.answers[name])), '—', {
        goal: '< 100 ms',
      }),
    ),
  ]
}

const both = (times: readonly number[]) => `${time(median(times))} (${time(Math.max(...times))})`
