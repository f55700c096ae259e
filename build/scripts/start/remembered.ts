import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ports } from './ports.ts'

/** What one start keeps for the next, beside keys and database. */
export interface Remembered {
  /** Kept, so that kubeconfigs written earlier still lead here. */
  readonly ports?: Ports
  /** Where the clusters come from; absent until that was decided. */
  readonly clusters?: 'sandbox' | 'own'
  /** False while the sandbox has not got all its samples yet. */
  readonly samplesMade?: boolean
  readonly passwordsShown?: boolean
  /** Loopback addresses of imported clusters, each allowed by a typed yes. */
  readonly allow?: readonly string[]
}

const fileOf = (folder: string) => join(folder, 'start.json')

export function recall(folder: string): Remembered {
  const text = readIfThere(fileOf(folder))
  return text === undefined ? {} : (JSON.parse(text) as Remembered)
}

export function remember(folder: string, change: Remembered): void {
  writePrivate(fileOf(folder), { ...recall(folder), ...change })
}

export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Whole or not at all, and for its owner alone. */
export function writePrivate(file: string, value: unknown): void {
  const next = `${file}.next`
  writeFileSync(next, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(next, file)
}
