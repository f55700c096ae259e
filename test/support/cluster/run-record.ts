import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessIdentity } from './process-identity.ts'

export interface RunningPart extends ProcessIdentity {
  readonly name: string
  /** How this part likes to be ended: what keeps data is asked, the rest is not. */
  readonly signal: NodeJS.Signals
}

/** What a run holds of the machine, so that it can be given back even when the run itself is gone. */
export interface RunRecord {
  readonly owner: ProcessIdentity
  readonly guard: ProcessIdentity | undefined
  readonly temporary: boolean
  /** In the order of their start. */
  readonly parts: readonly RunningPart[]
  /** Paths below every cgroup hierarchy, and network links, that belong to this run. */
  readonly cgroups: readonly string[]
  readonly links: readonly string[]
}

export const recordOf = (folder: string) => join(folder, 'run.json')

export function readRecord(folder: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordOf(folder), 'utf8')) as RunRecord
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

export function createRecord(folder: string, record: RunRecord): void {
  writeFileSync(recordOf(folder), JSON.stringify(record), { flag: 'wx', mode: 0o600 })
}

export function updateRecord(folder: string, record: RunRecord): void {
  const next = `${recordOf(folder)}.next`
  writeFileSync(next, JSON.stringify(record), { mode: 0o600 })
  renameSync(next, recordOf(folder))
}
