import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { path7za } from '7zip-bin'
import { flipFuses } from '@electron/fuses'
import { build, Platform, type AfterPackContext, type Configuration } from 'electron-builder'
import { parse } from 'yaml'
import type { Electron } from '../electron/electron.ts'
import { findElectron } from '../electron/find-electron.ts'
import { root } from '../tools.ts'
import { fuses } from './fuses.ts'
import { stageApp } from './stage.ts'

export interface PackOptions {
  /** Where packages go. */
  readonly folder: string
  readonly targets: readonly string[]
  /** Quick to make and open to the tests' inspector: not for people. */
  readonly forTests: boolean
  readonly progress: (line: string) => void
}

/** Packs the app for this system with the Electron that is here. Gives back which one that was. */
export async function packApp(options: PackOptions): Promise<Electron> {
  const { folder, targets, forTests, progress } = options
  const electron = await findElectron(progress)
  const staged = join(folder, 'app')
  await stageApp(electron.lane, staged)
  await offerTools()
  await build({
    targets: Platform.current().createTarget([...targets]),
    publish: 'never',
    projectDir: root,
    config: await configuration({ electron, staged, folder, forTests }),
  })
  return electron
}

/** The file of the repository, and what it cannot know. */
async function configuration(it: {
  readonly electron: Electron
  readonly staged: string
  readonly folder: string
  readonly forTests: boolean
}): Promise<Configuration> {
  const { electron, staged, folder, forTests } = it
  const file = await readFile(join(root, 'build', 'electron-builder.yml'), 'utf8')
  const config = parse(file) as Configuration
  return {
    ...config,
    directories: { app: staged, output: folder },
    electronDist: electron.folder,
    electronVersion: electron.version,
    ...(forTests && {
      compression: 'store',
      deb: { ...config.deb, fpm: ['--deb-compression', 'none'] },
    }),
    // An older Electron has other fuses; it is for tests only, and they say so.
    ...(electron.lane === 'pinned' && {
      afterPack: (context: AfterPackContext) => flipAfterPack(context, forTests),
    }),
  }
}

type Packed = Pick<AfterPackContext, 'appOutDir' | 'electronPlatformName'> & {
  readonly packager: { readonly appInfo: { readonly productFilename: string } }
}

/** Before signing, in the program itself. */
export async function flipAfterPack(context: Packed, forTests: boolean): Promise<void> {
  const { productFilename } = context.packager.appInfo
  const programs: Readonly<Record<string, string>> = {
    darwin: `${productFilename}.app/Contents/MacOS/${productFilename}`,
    win32: `${productFilename}.exe`,
    linux: 'gatehouse',
  }
  const program = programs[context.electronPlatformName]
  if (program === undefined) throw new Error(`No fuses for ${context.electronPlatformName}`)
  await flipFuses(join(context.appOutDir, program), fuses(forTests))
}

/** Packers that electron-builder would download from a release page, from packages and from here. */
async function offerTools(): Promise<void> {
  if (!process.env['ELECTRON_BUILDER_7ZIP_PATH']) {
    await chmod(path7za, 0o755)
    process.env['ELECTRON_BUILDER_7ZIP_PATH'] = path7za
  }
  if (process.platform === 'linux')
    process.env['CUSTOM_FPM_PATH'] ||= join(root, 'build/scripts/package/fpm-stand-in.mjs')
}
