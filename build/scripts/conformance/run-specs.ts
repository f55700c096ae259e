import { readFile } from 'node:fs/promises'
import type { Run } from '../../../test/support/cluster/run.ts'

export interface SpecResult {
  readonly status: 'passed' | 'failed' | 'skipped' | 'not run'
  readonly seconds: number
  /** Why it did not pass. */
  readonly reason?: string
}

export type Results = ReadonlyMap<string, SpecResult>

export interface SpecRun {
  readonly run: Run
  /** Where Kubernetes' own end-to-end program and the kubectl it uses are. */
  readonly programs: { readonly 'e2e.test': string; readonly kubectl: string }
  readonly kubeconfig: string
  /** Names this run's reports and logs. */
  readonly label: string
  readonly specs: readonly string[]
  /** How long a spec is known to take, so that the shares become equal. */
  readonly secondsOf?: (spec: string) => number
}

/** Most specs wait most of the time, so more of them run at once than there are cores. */
const workers = 6

/** Runs specs by their exact names, side by side where they allow it, and gives each one's result. */
export async function runSpecs(options: SpecRun): Promise<Results> {
  const { specs } = options
  const alone = specs.filter((it) => it.includes('[Serial]'))
  const together = specs.filter((it) => !it.includes('[Serial]'))
  const shares = shareOut(together, options.secondsOf)
  const results = await Promise.all(
    shares.map((share, index) => runShare(options, share, String(index + 1))),
  )
  if (alone.length > 0) results.push(await runShare(options, alone, 'serial'))
  return new Map(results.flatMap((it) => [...it]))
}

/** The longest first, each to whoever has least to do. */
function shareOut(specs: readonly string[], secondsOf = (_spec: string) => 1): string[][] {
  const shares = Array.from({ length: Math.min(workers, specs.length) }, () => ({
    seconds: 0,
    specs: [] as string[],
  }))
  for (const spec of specs.toSorted((a, b) => secondsOf(b) - secondsOf(a))) {
    const [least] = shares.toSorted((a, b) => a.seconds - b.seconds)
    least?.specs.push(spec)
    if (least) least.seconds += secondsOf(spec)
  }
  return shares.map((it) => it.specs)
}

async function runShare(options: SpecRun, specs: readonly string[], share: string) {
  const { run, programs, kubeconfig, label } = options
  const name = `${label}-${share}`.replaceAll(' ', '-')
  const report = run.path(`${name}.json`)
  const part = run.start(name, programs['e2e.test'], {
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--kubectl-path=${programs.kubectl}`,
      `--ginkgo.focus= (?:${specs.map(escaped).join('|')})$`,
      `--ginkgo.json-report=${report}`,
      '--ginkgo.timeout=20m',
      '--ginkgo.no-color',
    ],
  })
  await part.exited
  const words = () => `${part.name} left no report: ${part.lastWords()}`
  const reported = await readReport(report)
  return new Map(
    specs.map((spec): [string, SpecResult] => [
      spec,
      reported?.get(spec) ?? {
        status: 'not run',
        seconds: 0,
        reason: reported ? 'Kubernetes has no spec of this name' : words(),
      },
    ]),
  )
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

interface Report {
  readonly SpecReports: readonly {
    readonly ContainerHierarchyTexts: readonly string[] | null
    readonly LeafNodeType: string
    readonly LeafNodeText: string
    readonly State: string
    readonly RunTime: number
    readonly Failure?: { readonly Message: string }
  }[]
}

async function readReport(file: string): Promise<Results | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const [report] = JSON.parse(text) as Report[]
  const specs = report?.SpecReports.filter((it) => it.LeafNodeType === 'It') ?? []
  return new Map(
    specs.map((it): [string, SpecResult] => [
      [...(it.ContainerHierarchyTexts ?? []), it.LeafNodeText].join(' '),
      {
        status: statusOf(it.State),
        seconds: it.RunTime / 1e9,
        ...(it.Failure && { reason: it.Failure.Message }),
      },
    ]),
  )
}

/** A spec that was interrupted, timed out or panicked has failed as well. */
function statusOf(state: string): SpecResult['status'] {
  if (state === 'passed' || state === 'skipped') return state
  return state === 'pending' ? 'not run' : 'failed'
}
