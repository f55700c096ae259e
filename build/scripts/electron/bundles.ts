import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commandOf, root } from '../tools.ts'
import type { Lane } from './electron.ts'

/** Builds main, preload and renderer; without a folder to where the product has them. */
export async function buildDesktop(lane: Lane, folder?: string): Promise<void> {
  const child = spawn(process.execPath, [commandOf('electron-vite'), 'build'], {
    cwd: root,
    stdio: folder === undefined ? 'inherit' : 'pipe',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      GATEHOUSE_LANE: lane,
      ...(folder !== undefined && { GATEHOUSE_OUT: folder }),
    },
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => said.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0)
    throw new Error(`The desktop app could not be built:\n${Buffer.concat(said).toString()}`)
}

/** What decides how the bundles come out. */
const sources = [
  'main',
  'preload',
  'renderer',
  'server/contract',
  'electron.vite.config.ts',
  'package-lock.json',
]

/**
 * An app folder with bundles of the source as it is now, for tests: made once for each state of the
 * source. Two that build the same at once do no harm, the second is thrown away.
 */
export async function freshBundles(lane: Lane): Promise<string> {
  const all = join(root, 'out', 'tests')
  const folder = join(all, `${lane}-${await hashOf(sources)}`)
  if (existsSync(folder)) return folder
  const partial = `${folder}.partial-${process.pid}`
  try {
    await buildDesktop(lane, partial)
    await writeManifest(partial, lane)
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  await removeOld(all)
  return folder
}

/** The product's own manifest, cut down to what Electron reads, leading to these bundles. */
async function writeManifest(folder: string, lane: Lane): Promise<void> {
  const text = await readFile(join(root, 'package.json'), 'utf8')
  const { name, version, desktopName } = JSON.parse(text) as Record<string, unknown>
  const main = lane === 'pinned' ? 'main/index.js' : 'main/index.cjs'
  const manifest = { name, version, desktopName, type: 'module', main }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
}

async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) {
    for (const file of await filesOf(join(root, path))) {
      hash.update(`${file}\0`)
      hash.update(await readFile(file))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((it) => it.isFile() && !it.name.endsWith('.tsbuildinfo'))
    .map((it) => join(it.parentPath, it.name))
    .sort()
}

/** A few are kept: another run may still use the one before this. */
async function removeOld(all: string): Promise<void> {
  await mkdir(all, { recursive: true })
  const names = (await readdir(all)).filter((it) => !it.includes('.partial-'))
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(all, name))).mtimeMs })),
  )
  aged.sort((a, b) => b.at - a.at)
  for (const { name } of aged.slice(6)) await rm(join(all, name), { recursive: true, force: true })
}
