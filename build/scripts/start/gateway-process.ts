import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../../test/support/cluster/readiness.ts'
import type { Say } from './say.ts'

type Environment = Readonly<Record<string, string>>

interface Options {
  readonly logFile: string
  readonly say: Say
  /** Asks it something that only this gateway can answer. */
  readonly answers: () => Promise<unknown>
  /** Told each time it has a new process. */
  readonly started: (pid: number) => void
  /** Called when it was started again and again in vain. */
  readonly gaveUp: (error: Error) => void
}

const program = fileURLToPath(new URL('../../../server/index.ts', import.meta.url))
const preload = new URL('./follow-parent.ts', import.meta.url).href
const stopMs = 15_000
const mostDeaths = 5
/** Whoever answered this long did not end because of how it was started. */
const steadyMs = 10_000
const largestLog = 10 * 1024 * 1024

/** The gateway as its own process, as in production: started again when it ends unasked. */
export class GatewayProcess {
  readonly #options: Options
  readonly #log: WriteStream
  #environment: Environment = {}
  #child: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()
  #wanted = false
  #deaths = 0
  #setUpCode: string | undefined
  #lastWords: string[] = []

  constructor(options: Options) {
    this.#options = options
    this.#log = openLog(options.logFile)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Printed by the gateway while it has no administrator; taken from its output, never logged. */
  get setUpCode(): string | undefined {
    return this.#setUpCode
  }

  /** Starts it, or starts it anew with other settings. */
  async start(environment: Environment): Promise<void> {
    await this.#end()
    this.#environment = environment
    this.#wanted = true
    await this.#launch()
  }

  async stop(): Promise<void> {
    await this.#end()
    await new Promise((resolve) => this.#log.end(resolve))
  }

  async #end(): Promise<void> {
    this.#wanted = false
    const child = this.#child
    if (!child) return
    child.kill('SIGTERM')
    const tooLong = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await this.#exited
    clearTimeout(tooLong)
  }

  async #launch(): Promise<void> {
    // A group of its own: Ctrl-C reaches this process alone, which then ends things in their order.
    const child = spawn(process.execPath, ['--import', preload, program], {
      env: { ...process.env, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    this.#child = child
    if (child.pid !== undefined) this.#options.started(child.pid)
    this.#lastWords = []
    child.stdout?.pipe(this.#log, { end: false })
    if (child.stderr)
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.#hear(line)
      })
    let hasExited = false
    const exited = new Promise<void>((resolve) => {
      child.once('error', (error) => this.#hear(error.message))
      child.once('close', () => {
        hasExited = true
        resolve()
      })
    })
    this.#exited = exited
    const part = {
      name: 'the gateway',
      pid: child.pid ?? -1,
      exited,
      hasExited: () => hasExited,
      kill: async () => {
        child.kill('SIGKILL')
        await exited
      },
      lastWords: () => this.#lastWords.join('\n'),
    }
    await until({ what: 'The gateway', withinMs: 60_000, part }, async () => {
      await this.#options.answers()
      return true
    })
    const answered = performance.now()
    void exited.then(() => {
      if (performance.now() - answered > steadyMs) this.#deaths = 0
      return this.#died(child)
    })
  }

  #hear(line: string): void {
    const code = /^No administrator yet\. Set-up code, shown once: (\S+)/.exec(line)?.[1]
    if (code !== undefined) {
      this.#setUpCode = code
      return
    }
    if (line === '') return
    this.#lastWords = [...this.#lastWords.slice(-11), line]
    this.#log.write(`${line}\n`)
  }

  async #died(child: ChildProcess): Promise<void> {
    const { say, gaveUp, logFile } = this.#options
    if (!this.#wanted || child !== this.#child) return
    say(`the gateway ended by itself (${ending(child)}), starting it again; its log is ${logFile}`)
    for (let failure: unknown; this.#wanted; this.#deaths += 1) {
      if (this.#deaths >= mostDeaths) {
        gaveUp(new Error(`The gateway ended ${String(mostDeaths)} times`, { cause: failure }))
        return
      }
      await pause(500 * this.#deaths)
      if (!this.#wanted) return
      try {
        await this.#launch()
        this.#deaths += 1
        say('the gateway answers again')
        return
      } catch (error) {
        failure = error
      }
    }
  }
}

const ending = ({ exitCode, signalCode }: ChildProcess) =>
  signalCode ?? `exit code ${String(exitCode)}`

/** Kept small: a log of an earlier start is moved aside once it has grown. */
function openLog(file: string): WriteStream {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > largestLog) renameSync(file, `${file}.1`)
  return createWriteStream(file, { flags: 'a', mode: 0o600 })
}
