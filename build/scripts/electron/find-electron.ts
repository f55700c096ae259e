import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../tools.ts'
import type { Electron } from './electron.ts'
import { findElectron22 } from './electron22.ts'

/** The pinned Electron when its binary is on this machine, else the older one, fetched once. */
export async function findElectron(progress: (line: string) => void = () => {}): Promise<Electron> {
  return (await findPinnedElectron()) ?? findElectron22(progress)
}

/** What `npx install-electron` puts into node_modules; nothing is downloaded here. */
export async function findPinnedElectron(): Promise<Electron | undefined> {
  const packageFolder = join(root, 'node_modules', 'electron')
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] || join(packageFolder, 'dist')
  const read = (path: string) => readFile(path, 'utf8').catch(() => undefined)
  const manifest = JSON.parse((await read(join(packageFolder, 'package.json'))) ?? '{}') as {
    version?: string
  }
  const version = (await read(join(folder, 'version')))?.trim().replace(/^v/, '')
  const executable = join(folder, await programName(packageFolder))
  // Another version under the pinned one's name would prove nothing.
  if (version === undefined || version !== manifest.version || !existsSync(executable)) return
  return { lane: 'pinned', version, folder, executable }
}

async function programName(packageFolder: string): Promise<string> {
  const written = await readFile(join(packageFolder, 'path.txt'), 'utf8').catch(() => '')
  if (written !== '') return written.trim()
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}
