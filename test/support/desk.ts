import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn as spawnTerminal } from 'node-pty'
import type { Preset } from '#gateway/grants.ts'
import { startProgram, type Running } from './program.ts'
import { Transcript } from './transcript.ts'
import type { RunOptions, RunResult, TestPerson, World } from './world.ts'

/** A person at work: kubectl through the gateway with a home of its own, in one namespace. */
export interface Desk {
  readonly person: TestPerson
  readonly namespace: string
  /** The home, for files of the person too. */
  readonly folder: string
  /** What every program of the person is started with. */
  readonly env: Readonly<Record<string, string>>
  kubectl(args: readonly string[], options?: RunOptions): Promise<RunResult>
  /** As `kubectl`, but its output, and an exit code other than 0 is thrown. */
  output(args: readonly string[], options?: RunOptions): Promise<string>
  /** Starts a kubectl that goes on until it is stopped. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running
  /** Starts kubectl in a real terminal. */
  terminal(args: readonly string[], env?: Readonly<Record<string, string>>): Terminal
  leave(): Promise<void>
}

interface Terminal extends Running {
  resize(columns: number, rows: number): void
}

interface DeskOptions {
  readonly preset: Preset
  /** An existing namespace; without one it is made, and removed with the desk. */
  readonly namespace?: string
}

export async function openDesk(world: World, options: DeskOptions): Promise<Desk> {
  const made = options.namespace === undefined ? await world.cluster.namespace('desk') : undefined
  const namespace = made?.name ?? options.namespace ?? ''
  const person = await world.person([options.preset], { namespaces: [namespace] })
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-desk-'))
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: person.kubeconfig }
  const program = world.cluster.handle.parts.kubectl
  const kubectl = (args: readonly string[], run: RunOptions = {}) =>
    person.kubectl(['-n', namespace, ...args], { ...run, env: { ...env, ...run.env } })
  return {
    person,
    namespace,
    folder,
    env,
    kubectl,
    async output(args, run) {
      const { code, stdout, stderr } = await kubectl(args, run)
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`)
      return stdout
    },
    start: (args, more) => startProgram(program, ['-n', namespace, ...args], { ...env, ...more }),
    terminal: (args, more) =>
      startTerminal(program, ['-n', namespace, ...args], { ...env, ...more, TERM: 'dumb' }),
    async leave() {
      await made?.remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function startTerminal(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Terminal {
  const pty = spawnTerminal(program, [...args], { cols: 80, rows: 24, env })
  const transcript = new Transcript()
  pty.onData((text) => transcript.add(text))
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      transcript.end()
      resolve(exitCode)
    })
  })
  return {
    transcript,
    ended,
    write: (text) => pty.write(text),
    resize: (columns, rows) => pty.resize(columns, rows),
    async stop() {
      pty.kill()
      await ended
    },
  }
}
