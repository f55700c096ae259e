import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type Database } from '../../../server/models/database.ts'
import { createKeyFile, type KeySource } from '../../../server/models/key-source.ts'
import { openSealing, type Sealing } from '../../../server/models/sealing.ts'

/** A database with keys in a file of their own, as a gateway has them. */
export interface SealedDatabase {
  readonly folder: string
  readonly url: string
  readonly source: KeySource
  /** Replaced by a test that opens it anew. */
  db: Database
  sealing: Sealing
  close(): Promise<void>
}

export async function openSealedDatabase(url: string): Promise<SealedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'))
  const db = await openDatabase(url)
  const source = createKeyFile(join(folder, 'sealing-keys.json'))
  const store: SealedDatabase = {
    folder,
    url,
    source,
    db,
    sealing: await openSealing(db, source),
    async close() {
      await store.db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return store
}
