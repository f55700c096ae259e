import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where this process keeps the files of local terminals, which only their owner may enter. */
export async function makePrivateFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // It may have been there with another mode, or under another umask.
  await chmod(folder, 0o700)
  return mkdtemp(join(folder, 'terminal-'))
}

export const writePrivateFile = (path: string, text: string): Promise<void> =>
  writeFile(path, text, { mode: 0o600, flag: 'wx' })

/** What a start that was killed has left; called once, before the first terminal. */
export const sweepPrivateFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true })
