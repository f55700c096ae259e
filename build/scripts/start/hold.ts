import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  end,
  identify,
  isAlive,
  type ProcessIdentity,
} from '../../../test/support/cluster/process-identity.ts'
import { readIfThere, writePrivate } from './remembered.ts'

/** Which processes use a data folder. */
interface Holders {
  readonly owner: ProcessIdentity | undefined
  readonly gateway?: ProcessIdentity | undefined
}

export interface Hold {
  /** Noted, so that a next start can tell when it has ended. */
  noteGateway(pid: number): void
  release(): void
}

/** Takes the folder for this process: one gateway at a time may use it. */
export async function holdFolder(folder: string): Promise<Hold> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'running.json')
  const text = readIfThere(file)
  if (text !== undefined) await outlast(folder, JSON.parse(text) as Holders)
  const owner = identify(process.pid)
  writePrivate(file, { owner } satisfies Holders)
  return {
    noteGateway: (pid) => writePrivate(file, { owner, gateway: identify(pid) } satisfies Holders),
    release: () => rmSync(file, { force: true }),
  }
}

/** What a start that was killed has left is about to end by itself. */
async function outlast(folder: string, { owner, gateway }: Holders): Promise<void> {
  if (owner && isAlive(owner))
    throw new Error(
      `npm start already runs with ${folder} (process ${String(owner.pid)}). Stop it, or set GATEHOUSE_DATA to another folder.`,
    )
  if (!gateway) return
  const deadline = Date.now() + 10_000
  while (isAlive(gateway) && Date.now() < deadline) await pause(50)
  end(gateway, 'SIGKILL')
}
