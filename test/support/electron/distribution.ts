import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Electron } from '../../../build/scripts/electron/electron.ts'
import { findElectron } from '../../../build/scripts/electron/find-electron.ts'

const standIn = join(import.meta.dirname, 'stand-in')

/**
 * An Electron that starts the app in a folder, as `electron <folder>` does: the pinned one as it is, the
 * older one with a stand-in for the default app that its source has not kept. Never absent: what cannot be
 * had is an error.
 */
export async function electronForTests(): Promise<Electron> {
  const electron = await findElectron((line) => process.stderr.write(`[electron] ${line}\n`))
  if (electron.lane === 'pinned') return electron
  const folder = `${electron.folder}-with-${await hashOfStandIn()}`
  if (!existsSync(folder)) await makeRunnable(electron.folder, folder)
  return { ...electron, folder, executable: join(folder, 'electron') }
}

async function hashOfStandIn(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(standIn)).sort())
    hash.update(name).update(await readFile(join(standIn, name)))
  return hash.digest('hex').slice(0, 12)
}

/** The files themselves are shared with the distribution; an Electron finds its parts where it lies itself. */
async function makeRunnable(distribution: string, folder: string): Promise<void> {
  const partial = await mkdtemp(join(dirname(folder), 'partial-'))
  try {
    for (const entry of await readdir(distribution, { recursive: true, withFileTypes: true })) {
      const inside = join(entry.parentPath, entry.name).slice(distribution.length + 1)
      if (entry.isDirectory()) await mkdir(join(partial, inside), { recursive: true })
      else {
        await mkdir(dirname(join(partial, inside)), { recursive: true })
        await link(join(distribution, inside), join(partial, inside))
      }
    }
    const app = join(partial, 'resources', 'app')
    await mkdir(app, { recursive: true })
    for (const name of await readdir(standIn)) await copyFile(join(standIn, name), join(app, name))
    await rename(partial, folder).catch((error: unknown) => {
      // Another run was faster.
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}
