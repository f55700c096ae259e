import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { freshBundles } from '../../../build/scripts/electron/bundles.ts'
import type { Lane } from '../../../build/scripts/electron/electron.ts'
import { openDisplay } from './display.ts'
import { electronForTests } from './distribution.ts'

export interface DesktopOptions {
  /** Where the app keeps what it remembers; the caller makes and removes it. */
  readonly userData: string
  readonly env?: Readonly<Record<string, string>>
  /** As a person or the system would give them: a deep link, for instance. */
  readonly args?: readonly string[]
  /** An app's folder; without one it is Gatehouse, built from the source as it is now. */
  readonly folder?: string
  /** A packed app's own executable, instead of any Electron and folder. */
  readonly executable?: string
}

/** A running desktop app, driven from outside. */
export interface Desktop {
  readonly lane: Lane
  readonly app: ElectronApplication
  readonly window: Page
  /**
   * Starts the program once more beside itself, as a link in another program does; gives back how that second
   * start ended, and how it was ended if it did not by itself.
   */
  startAgain(args: readonly string[]): Promise<number | NodeJS.Signals | null>
  /** All that main and its processes wrote to their terminal. */
  output(): string
  /** Asks it to quit and waits for its end; one that does not go is killed, and that is an error. */
  close(): Promise<void>
}

const asRoot = join(import.meta.dirname, 'stand-in', 'as-root.cjs')

/** Starts the app in a real Electron, with an environment and a screen of its own. */
export async function launchDesktop(options: DesktopOptions): Promise<Desktop> {
  const { lane, executable } = await electronForTests()
  const folder = options.executable ? undefined : (options.folder ?? (await freshBundles(lane)))
  const display = await openDisplay()
  const recorded = await recordOutput(options.executable ?? executable)
  const args = [
    '--no-sandbox',
    ...(lane === 'pinned' && folder !== undefined ? ['-r', asRoot] : []),
    ...(folder === undefined ? [] : [folder]),
    `--user-data-dir=${options.userData}`,
  ]
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: options.userData,
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
    ...display.env,
    ...options.env,
  }
  try {
    const app = await _electron.launch({
      executablePath: recorded.program,
      timeout: 30_000,
      args: [...args, ...(options.args ?? [])],
      env,
    })
    const child = app.process()
    const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve()
    const window = await app.firstWindow().catch(async (error: unknown) => {
      child.kill('SIGKILL')
      await ended
      throw new Error(`The app opened no window. It said:\n${recorded.output()}`, { cause: error })
    })
    return {
      lane,
      app,
      window,
      startAgain: (more) =>
        endOf(spawn(recorded.program, [...args, ...more], { env, stdio: 'ignore' })),
      output: () => recorded.output(),
      async close() {
        try {
          await quit(app, ended)
        } finally {
          await Promise.all([display.stop(), recorded.remove()])
        }
      },
    }
  } catch (error) {
    await Promise.all([display.stop(), recorded.remove()])
    throw error
  }
}

/** A second instance that stays would keep the screen, and the test, for ever. */
async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  const patience = setTimeout(() => child.kill('SIGKILL'), 20_000)
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  clearTimeout(patience)
  return code ?? signal
}

interface Recorded {
  /** To be started in the program's place. */
  readonly program: string
  output(): string
  remove(): Promise<void>
}

/** playwright hands the app's output out only once it runs; its first words are wanted too. */
async function recordOutput(program: string): Promise<Recorded> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-desktop-'))
  const [script, log] = [join(folder, 'start'), join(folder, 'log')]
  await writeFile(log, '')
  const recording = `exec ${quote(program)} "$@" > >(tee -a ${quote(log)}) 2> >(tee -a ${quote(log)} >&2)`
  await writeFile(script, `#!/bin/bash\n${recording}\n`, { mode: 0o755 })
  return {
    program: process.platform === 'win32' ? program : script,
    output: () => readFileSync(log, 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

async function quit(app: ElectronApplication, ended: Promise<unknown>): Promise<void> {
  const child = app.process()
  let isKilled = false
  const patience = setTimeout(() => {
    isKilled = true
    child.kill('SIGKILL')
  }, 10_000)
  await app.close().catch(() => undefined)
  await ended
  clearTimeout(patience)
  if (isKilled) throw new Error('The app did not quit when it was asked to')
}
