import { execFile, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { findGo } from './cluster/go-toolchain.ts'
import { cacheFolder, moduleFolder } from './cluster/part-list.ts'

/** What can be asked of Kubernetes' own code; see cluster/oracle/main.go. */
export type Question =
  | { readonly op: 'info'; readonly method: string; readonly target: string }
  | { readonly op: 'encode'; readonly object: unknown }
  | { readonly op: 'decode'; readonly bytes: string }

export interface Answer {
  readonly error?: string
  readonly info?: Readonly<Record<string, unknown>>
  readonly isLongRunning?: boolean
  readonly query?: Readonly<Record<string, readonly string[]>>
  readonly object?: unknown
  readonly bytes?: string
}

/** One answer per question, in order, by one process. */
export async function ask(questions: readonly Question[]): Promise<readonly Answer[]> {
  const oracle = spawn(await built(), { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve, reject) => {
    oracle.once('error', reject)
    oracle.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the oracle ended with ${String(code)}`)),
    )
  })
  oracle.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''))
  const [lines] = await Promise.all([text(oracle.stdout), ended])
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer)
}

const buildArguments = ['build', '-trimpath', '-mod=readonly', '-o']

/** The program of this very source, compiled at most once per machine. */
async function built(): Promise<string> {
  const source = await readFile(join(moduleFolder, 'oracle/main.go'))
  const sums = await readFile(join(moduleFolder, 'go.sum'))
  const key = createHash('sha256').update(source).update(sums).digest('hex')
  const folder = join(cacheFolder(), 'oracle', key)
  const program = join(folder, 'requestinfo')
  try {
    await access(program)
    return program
  } catch {
    await mkdir(folder, { recursive: true })
  }
  // Built aside and renamed, so that two test processes never run half a program.
  const aside = join(folder, randomUUID())
  // The same settings as the cluster's own programs, so that Go takes their packages from its cache.
  await promisify(execFile)(await findGo(() => {}), [...buildArguments, aside, './oracle'], {
    cwd: moduleFolder,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' },
  })
  await rename(aside, program)
  return program
}
