import type { Deps } from '../deps.ts'
import { rotateKeys, type Rotated } from '../models/key-rotation.ts'
import { createKeySource } from '../models/key-source.ts'

/** Replaces the sealing key while everything goes on. For administrators only: see the contract. */
export function rotateSealingKeys({
  db,
  sealing,
  config,
}: Pick<Deps, 'db' | 'sealing' | 'config'>): Promise<Rotated> {
  return rotateKeys(db, sealing, createKeySource(config.keys.sealing))
}
