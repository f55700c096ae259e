import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { end, identify, isAlive } from './process-identity.ts'
import type { RunRecord, RunningPart } from './run-record.ts'
import { createRecord, readRecord, updateRecord } from './run-record.ts'
import { sweep, sweepDeadRuns, temporaryPrefix } from './sweep.ts'

export interface StartOptions {
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: NodeJS.Signals
}

/** One program of the cluster while it runs. */
export interface Part {
  readonly name: string
  readonly pid: number
  readonly exited: Promise<void>
  hasExited(): boolean
  kill(signal?: NodeJS.Signals): Promise<void>
  /** The end of what it wrote, for an error a person can act on. */
  lastWords(): string
}

/** Everything one cluster holds of this machine. Ending the run gives all of it back. */
export class Run {
  readonly folder: string
  readonly #guard: ChildProcess
  #record: RunRecord

  private constructor(folder: string, record: RunRecord, guard: ChildProcess) {
    this.folder = folder
    this.#record = record
    this.#guard = guard
  }

  /** Without a folder the run is temporary: a fresh one is made, and removed at its end. */
  static async open(folder?: string): Promise<Run> {
    await sweepDeadRuns()
    const temporary = folder === undefined
    const home = folder ?? (await mkdtemp(join(await realpath(tmpdir()), temporaryPrefix)))
    await mkdir(home, { recursive: true, mode: 0o700 })
    await chmod(home, 0o700)
    const owner = identify(process.pid)
    if (owner === undefined) throw new Error('This process cannot be identified on this system')
    await takeOver(home)
    const record = { owner, guard: undefined, temporary, parts: [], cgroups: [], links: [] }
    createRecord(home, record)
    const guard = await startGuard(home)
    const run = new Run(home, record, guard)
    run.#note({ guard: identify(guard.pid ?? -1) })
    return run
  }

  get parts(): readonly RunningPart[] {
    return this.#record.parts
  }

  path(...names: string[]): string {
    return join(this.folder, ...names)
  }

  /** Starts a program with its output in logs/; it is not in the terminal's process group, so Ctrl-C is ours to handle. */
  start(name: string, program: string, { args, env, signal = 'SIGKILL' }: StartOptions): Part {
    mkdirSync(this.path('logs'), { recursive: true, mode: 0o700 })
    const logFile = this.path('logs', `${name}.log`)
    const log = openSync(logFile, 'w', 0o600)
    const child = spawn(program, args, {
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: env ?? { PATH: process.env['PATH'], HOME: this.folder },
    })
    closeSync(log)
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    if (child.pid !== undefined) this.adopt(name, child.pid, signal)
    return {
      name,
      pid: child.pid ?? -1,
      exited,
      hasExited: () =>
        child.pid === undefined || child.exitCode !== null || child.signalCode !== null,
      kill: async (how = 'SIGKILL') => {
        child.kill(how)
        await exited
      },
      lastWords: () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n'),
    }
  }

  /** Takes a process into the record that was started by one of the parts. */
  adopt(name: string, pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
    const identity = identify(pid)
    if (identity === undefined) return
    const others = this.#record.parts.filter(isAlive)
    this.#note({ parts: [...others, { ...identity, name, signal }] })
  }

  /** Noted before it is made, so that a crash in between leaves nothing behind. */
  holdCgroup(path: string): void {
    this.#note({ cgroups: [...this.#record.cgroups, path] })
  }

  holdLink(name: string): void {
    this.#note({ links: [...this.#record.links, name] })
  }

  async close(): Promise<void> {
    const gone = once(this.#guard, 'exit')
    this.#guard.ref()
    if (this.#guard.exitCode === null && this.#guard.signalCode === null) {
      this.#guard.stdin?.end()
      await gone
    }
    // Nothing is left to do unless the guard itself was ended by somebody.
    await sweep(this.folder)
  }

  #note(change: Partial<RunRecord>): void {
    this.#record = { ...this.#record, ...change }
    updateRecord(this.folder, this.#record)
  }
}

async function takeOver(folder: string): Promise<void> {
  const earlier = readRecord(folder)
  if (earlier === undefined) return
  if (isAlive(earlier.owner))
    throw new Error(`The cluster in ${folder} is already running (process ${earlier.owner.pid})`)
  // Its guard may be at work at this moment.
  const deadline = Date.now() + 20_000
  while (earlier.guard && isAlive(earlier.guard) && Date.now() < deadline) await pause(20)
  if (earlier.guard) end(earlier.guard, 'SIGKILL')
  await sweep(folder)
}

async function startGuard(folder: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./guard.ts', import.meta.url))
  const guard = spawn(process.execPath, [script, folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] },
  })
  const [first] = await Promise.race([
    once(guard.stdout, 'data'),
    once(guard, 'exit').then(() => [undefined]),
  ])
  if (first === undefined) throw new Error('The guard of the cluster could not be started')
  guard.stdout.destroy()
  guard.unref()
  return guard
}
