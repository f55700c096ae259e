import { execFileSync } from 'node:child_process'
import { lstat, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { end, isAlive } from './process-identity.ts'
import type { RunningPart } from './run-record.ts'
import { readRecord, recordOf } from './run-record.ts'

export const temporaryPrefix = 'gatehouse-cluster-'

/** Gives back everything a run holds: processes, cgroups, network links and, when temporary, its folder. */
export async function sweep(folder: string): Promise<void> {
  const record = readRecord(folder)
  if (record === undefined) return
  await endAll(record.parts)
  for (const path of record.cgroups) await removeCgroup(path)
  for (const link of record.links) removeLink(link)
  if (readRecord(folder)?.owner.started !== record.owner.started) return
  if (record.temporary) await removeFolder(folder)
  else await rm(recordOf(folder), { force: true })
}

/** Sweeps what dead runs of this user left in the temporary folder. */
export async function sweepDeadRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(temporaryPrefix)) continue
    const folder = join(tmpdir(), name)
    if (!(await isOurs(folder))) continue
    const record = readRecord(folder)
    const held = record && [record.owner, record.guard].some((it) => it && isAlive(it))
    if (record !== undefined && !held) await sweep(folder)
  }
}

/** The temporary folder is shared: a record somebody else planted must not choose what is ended. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined)
  return (
    found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
  )
}

async function endAll(parts: readonly RunningPart[]): Promise<void> {
  // The last started goes first; what is ended gently (etcd) then has no client any more.
  const [gentle, rest] = [parts.filter(isGentle), parts.filter((it) => !isGentle(it))]
  for (const it of [...rest].reverse()) end(it, 'SIGKILL')
  await allDead(rest, 10_000)
  for (const it of gentle) end(it, it.signal)
  if (await allDead(gentle, 5_000)) return
  for (const it of gentle) end(it, 'SIGKILL')
  await allDead(gentle, 5_000)
}

const isGentle = (it: RunningPart) => it.signal !== 'SIGKILL'

async function allDead(parts: readonly RunningPart[], withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (parts.some(isAlive)) {
    if (Date.now() > deadline) return false
    await pause(10)
  }
  return true
}

/** Where this machine's cgroup hierarchies are mounted. */
export async function cgroupHierarchies(): Promise<string[]> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8')
  return mounts
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path !== '')
}

async function removeCgroup(path: string): Promise<void> {
  if (path === '' || path.includes('..')) return
  for (const hierarchy of await cgroupHierarchies()) await removeCgroupTree(join(hierarchy, path))
}

async function removeCgroupTree(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  for (const it of entries) if (it.isDirectory()) await removeCgroupTree(join(path, it.name))
  // The kernel empties a cgroup a moment after its last process is gone.
  for (let attempt = 0; attempt < 50; attempt++) {
    const failed = await rmdir(path).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    )
    if (failed !== 'EBUSY') return
    await pause(20)
  }
}

function removeLink(link: string): void {
  try {
    execFileSync('ip', ['link', 'delete', link], { stdio: 'ignore' })
  } catch {
    // It went with its last user, or was never made.
  }
}

/** Mounts live in the node's own mount namespace; one seen here could lead out of the folder, so nothing is removed. */
async function removeFolder(folder: string): Promise<void> {
  if (process.platform === 'linux') {
    const mounts = await readFile('/proc/self/mountinfo', 'utf8')
    const below = mounts.split('\n').some((line) => line.split(' ')[4]?.startsWith(`${folder}/`))
    if (below) throw new Error(`${folder} still has mounts below it and was not removed`)
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
