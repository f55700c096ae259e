import { refusals } from './differences.ts'
import type { Results, SpecResult } from './run-specs.ts'

export interface Row {
  readonly spec: string
  readonly direct: SpecResult
  readonly through: SpecResult
  readonly verdict: Verdict
}

/**
 * `equal`: passes both ways. `refused`: the gateway refuses it on purpose, and says so in its audit.
 * `different`: passes directly and not through the gateway, or is not refused as it must be.
 * `unusable`: does not pass directly, so that it proves nothing.
 */
type Verdict = 'equal' | 'refused' | 'different' | 'unusable'

const notRun: SpecResult = { status: 'not run', seconds: 0 }

export interface Comparison {
  readonly specs: readonly string[]
  readonly direct: Results
  readonly through: Results
  /** The reasons of all refusals in the gateway's audit. */
  readonly audited: readonly string[]
}

export function judge({ specs, direct, through, audited }: Comparison): Row[] {
  return specs.map((spec) => {
    const row = { spec, direct: direct.get(spec) ?? notRun, through: through.get(spec) ?? notRun }
    const refusal = refusals.find((it) => it.specs.includes(spec))
    const expected = refusal?.specs.filter((it) => specs.includes(it)).length ?? 0
    const found = audited.filter((it) => refusal && it.includes(refusal.audited)).length
    const isRefused = row.through.status === 'failed' && found >= expected
    const isAsItMust = refusal ? isRefused : row.through.status === 'passed'
    return { ...row, verdict: verdictOf(row.direct, isAsItMust, refusal !== undefined) }
  })
}

function verdictOf(direct: SpecResult, isAsItMust: boolean, isForRefusal: boolean): Verdict {
  if (direct.status !== 'passed') return 'unusable'
  if (!isAsItMust) return 'different'
  return isForRefusal ? 'refused' : 'equal'
}

export const isSettled = ({ verdict }: Row) => verdict === 'equal' || verdict === 'refused'

/** Both results of every spec beside each other, and below it why a row is not as it should be. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ spec, direct, through, verdict }) =>
    [cell(direct), cell(through), verdict.padEnd(9), spec].join('  '),
  )
  return [
    ['directly'.padEnd(16), 'by the gateway'.padEnd(16), 'verdict'.padEnd(9), 'spec'].join('  '),
    ...lines,
    ...rows.filter((it) => !isSettled(it)).flatMap(explained),
  ].join('\n')
}

const cell = ({ status, seconds }: SpecResult) =>
  `${status.padEnd(7)} ${seconds.toFixed(1).padStart(6)} s`

function explained({ spec, direct, through, verdict }: Row): string[] {
  const side = (name: string, { status, reason }: SpecResult) =>
    `${name}: ${status}${reason === undefined ? '' : `\n${shortened(reason)}`}`
  return ['', `${verdict}: ${spec}`, side('directly', direct), side('by the gateway', through)]
}

/** Some failures repeat the whole command; what went wrong stands at the end. */
const shortened = (text: string) =>
  text.length <= 1500 ? text : `${text.slice(0, 500)} … ${text.slice(-1000)}`
