import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from './postgres.ts'

/** A place for databases of one dialect. */
export interface DatabaseHome {
  /** The address of a fresh, empty database. */
  fresh(): Promise<string>
  end(): Promise<void>
}

/** For `describe.each`: whatever holds for one dialect holds for the other. */
export const dialects: readonly { dialect: string; home: () => Promise<DatabaseHome> }[] = [
  { dialect: 'sqlite', home: sqliteHome },
  { dialect: 'postgres', home: postgresHome },
]

async function sqliteHome(): Promise<DatabaseHome> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-sqlite-'))
  return {
    fresh: () => Promise.resolve(`sqlite:${join(folder, `${randomUUID()}.db`)}`),
    end: () => rm(folder, { recursive: true, force: true }),
  }
}

async function postgresHome(): Promise<DatabaseHome> {
  const server = await startPostgres()
  return { fresh: () => server.url(randomUUID()), end: () => server.stop() }
}
