import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freshBundles } from '../electron/bundles.ts'
import type { Lane } from '../electron/electron.ts'
import { root } from '../tools.ts'

/** Equal to the name of the installed .desktop file. */
const desktopName = 'io.gatehouse.Gatehouse.desktop'

/**
 * The app's folder as it is packed: a manifest of its own, the bundles, and the terminal's native part.
 * Nothing of the gateway's packages comes near it.
 */
export async function stageApp(lane: Lane, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const bundles = await freshBundles(lane)
  for (const part of ['main', 'preload', 'renderer'])
    await cp(join(bundles, part), join(folder, part), { recursive: true })
  await copyTerminal(folder)
  const text = await readFile(join(root, 'package.json'), 'utf8')
  const { name, version, description, license, dependencies } = JSON.parse(text) as Manifest
  const manifest = {
    name,
    productName: 'Gatehouse',
    version,
    description,
    license,
    author: { name: 'The Gatehouse authors', email: 'gatehouse@localhost' },
    homepage: 'https://gatehouse.localhost',
    desktopName,
    type: 'module',
    main: lane === 'pinned' ? 'main/index.js' : await addStandIn(folder),
    dependencies: { 'node-pty': dependencies['node-pty'] },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
}

/** The package and its native part for the system that is packed for: this one. */
async function copyTerminal(folder: string): Promise<void> {
  const modules = join(root, 'node_modules')
  const native = (await readdir(join(modules, '@lydell'))).map((it) => join('@lydell', it))
  for (const name of ['node-pty', ...native])
    await cp(join(modules, name), join(folder, 'node_modules', name), { recursive: true })
}

/** The older Electron of the tests gets what came later before the app's own main begins. */
async function addStandIn(folder: string): Promise<string> {
  const from = join(root, 'test', 'support', 'electron', 'stand-in')
  for (const name of ['as-root.cjs', 'later.cjs', 'web.cjs'])
    await cp(join(from, name), join(folder, name))
  const entry = "'use strict'\nrequire('./later.cjs')\nrequire('./main/index.cjs')\n"
  await writeFile(join(folder, 'start.cjs'), entry)
  return 'start.cjs'
}
