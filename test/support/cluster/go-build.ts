import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { findGo } from './go-toolchain.ts'
import type { PartName, Progress } from './part-list.ts'
import { kubernetesVersion, testParts } from './part-list.ts'
import type { ProcessIdentity } from './process-identity.ts'
import { identify, isAlive } from './process-identity.ts'

export interface Build {
  /** The Go module that has them all. */
  readonly module: string
  readonly folder: string
  readonly names: readonly PartName[]
  readonly progress: Progress
}

const linkerFlags = [
  '-s -w',
  `-X k8s.io/component-base/version.gitVersion=${kubernetesVersion}`,
  `-X k8s.io/client-go/pkg/version.gitVersion=${kubernetesVersion}`,
  '-X helm.sh/helm/v4/internal/version.version=v4.2.4',
].join(' ')

/**
 * Builds programs from one Go module, all of its tools as soon as one of them is wanted;
 * two processes never build at the same time.
 */
export async function buildParts({ module, folder, names, progress }: Build): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const unlock = await lock(`${folder}.lock`, progress)
  const partial = `${folder}.partial-${process.pid}`
  try {
    // Whoever held the lock before may have built what is needed.
    const missing = await missingIn(folder, names)
    if (missing.length === 0) return
    await removePartials(folder)
    await mkdir(partial, { recursive: true })
    const go = await findGo(progress)
    for (const args of commandsFor(missing, partial)) await compile({ go, args, module }, progress)
    // Go names a program after its package, and etcd's package is called server.
    const etcd = join(partial, 'server')
    if (existsSync(etcd)) await rename(etcd, join(partial, 'etcd'))
    await mkdir(folder, { recursive: true })
    for (const name of await readdir(partial)) await rename(join(partial, name), join(folder, name))
  } finally {
    await rm(partial, { recursive: true, force: true })
    await unlock()
  }
}

/** What builds left that were killed. */
async function removePartials(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(`${basename(folder)}.partial-`))
      await rm(join(dirname(folder), name), { recursive: true, force: true })
}

async function missingIn(folder: string, names: readonly PartName[]): Promise<PartName[]> {
  const there = await Promise.allSettled(names.map((it) => access(join(folder, it))))
  return names.filter((_, index) => there[index]?.status === 'rejected')
}

/** What Go is told so that the programs lie in the folder: one command for all tools, one for each test program. */
function commandsFor(names: readonly PartName[], folder: string): string[][] {
  const flags = ['-trimpath', '-mod=readonly', '-ldflags', linkerFlags]
  const isTool = (name: PartName) => !(name in testParts)
  return [
    ...(names.some(isTool) ? [['build', '-v', ...flags, '-o', `${folder}/`, 'tool']] : []),
    ...Object.entries(testParts)
      .filter(([name]) => names.some((it) => it === name))
      .map(([name, path]) => ['test', '-c', '-vet=off', ...flags, '-o', join(folder, name), path]),
  ]
}

interface Compilation {
  readonly go: string
  readonly args: readonly string[]
  readonly module: string
}

async function compile({ go, args, module }: Compilation, progress: Progress): Promise<void> {
  const started = Date.now()
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`
  const child = spawn(go, args, {
    cwd: module,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const end = () => child.kill()
  process.once('exit', end)
  let packages = 0
  const lastLines: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    packages += 1
    lastLines.push(line)
    if (lastLines.length > 30) lastLines.shift()
  })
  const tick = setInterval(
    () =>
      progress(
        `building the cluster's programs: ${packages > 0 ? `${packages} packages, ` : ''}${elapsed()} (5 to 12 minutes the first time)`,
      ),
    5_000,
  )
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0)
      throw new Error(`The Go build of the cluster's programs failed:\n${lastLines.join('\n')}`)
    progress(`built the cluster's programs in ${elapsed()}`)
  } finally {
    clearInterval(tick)
    process.off('exit', end)
  }
}

/** A lock is a file that names its process; the lock of a dead process is taken over. */
async function lock(file: string, progress: Progress): Promise<() => Promise<void>> {
  const own = identify(process.pid)
  let told = false
  for (;;) {
    try {
      await writeFile(file, JSON.stringify(own), { flag: 'wx' })
      return () => rm(file, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = await holderOf(file)
    if (holder !== undefined && !isAlive(holder)) await rm(file, { force: true })
    else {
      if (!told) progress(`waiting for another process that builds the cluster's programs`)
      told = true
      await pause(1_000)
    }
  }
}

async function holderOf(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity
  } catch {
    // It is being written or was just removed.
    return undefined
  }
}
