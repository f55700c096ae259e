import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { inspect } from 'node:util'
import { redact } from './redact.ts'

/** What main has to say of itself, for a person who looks for a mistake. */
export interface Log {
  readonly file: string
  /** What was written, as far as it is kept. */
  text(): string
  info(message: string): void
  error(message: string, error?: unknown): void
}

const largest = 2 * 1024 * 1024

/** Lines in a file that is put aside when it is full. Written at once, so that the last line before a crash is there. */
export function openLog(file: string): Log {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const write = (level: string, message: string) => {
    const line = redact(message)
      .replace(/[\r\n]+/g, ' ⏎ ')
      .slice(0, 8000)
    try {
      if (sizeOf(file) > largest) renameSync(file, `${file}.1`)
      appendFileSync(file, `${new Date().toISOString()} ${level} ${line}\n`, { mode: 0o600 })
    } catch {
      // A full disk must not take the app down with it.
    }
  }
  return {
    file,
    text: () => `${contentOf(`${file}.1`)}${contentOf(file)}`,
    info(message) {
      write('info', message)
    },
    error(message, error) {
      write('error', error === undefined ? message : `${message}: ${inspect(error, { depth: 3 })}`)
    },
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}
