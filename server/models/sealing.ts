import { UniqueConstraintError } from 'sequelize'
import type { Database } from './database.ts'
import { keyIdOf, openWith, rewrapWith, sealWith, type Place } from './envelope.ts'
import type { KeySet, KeySource } from './key-source.ts'
import { guardSealedColumns, sealedColumns, notSealedWith } from './sealed-columns.ts'

export type { Place }

/** Encrypts what must not be readable in the database. Errors name the place, never the value. */
export interface Sealing {
  /** The key that seals new values. */
  readonly keyId: string
  /** For one row, column and table only: the same value elsewhere does not open. */
  seal(plain: string, place: Place): string
  open(sealed: string, place: Place): string
  /** The same value under the current key, without reading it. */
  rewrap(sealed: string): string
}

export const CHECK = 'sealing.check.'
const PLAIN_CHECK = 'gatehouse'

/**
 * Refuses to start with a key that is missing or not the one that sealed this database, and
 * changes nothing then.
 */
export async function openSealing(db: Database, source: KeySource): Promise<Sealing> {
  const set = source.read()
  await refuseWrongKeys(db, set, source.name)
  await refuseMissingKeys(db, set, source.name)
  await writeCheck(db, { id: set.current, key: present(set.keys.get(set.current), set.current) })
  guardSealedColumns(db, () => source.read())
  return createSealing(source, set)
}

function createSealing(source: KeySource, first: KeySet): Sealing {
  // Those of an earlier set stay: a row read before a rotation may be opened after it.
  const known = new Map(first.keys)

  /** The keys as they are now: another process may have rotated. */
  function latest(): KeySet {
    const set = source.read()
    for (const [id, key] of set.keys) {
      const before = known.get(id)
      if (before && !before.equals(key)) throw new Error(`the sealing key ${id} became another one`)
      known.set(id, key)
    }
    return set
  }

  function current(): { id: string; key: Buffer } {
    const { current: id, keys } = latest()
    return { id, key: present(keys.get(id), id) }
  }

  function keyOf(sealed: string): Buffer {
    const id = keyIdOf(sealed)
    if (!id) throw new Error('this is not a sealed value')
    return known.get(id) ?? present(latest().keys.get(id), id)
  }

  return {
    get keyId() {
      return current().id
    },
    seal(plain, place) {
      const { id, key } = current()
      return sealWith(id, key, plain, place)
    },
    open(sealed, place) {
      try {
        return openWith(keyOf(sealed), sealed, place)
      } catch (cause) {
        throw new Error(`${place.table}.${place.column} of ${place.row} cannot be opened`, {
          cause,
        })
      }
    },
    rewrap: (sealed) => rewrapWith(keyOf(sealed), current(), sealed),
  }
}

function present(key: Buffer | undefined, id: string): Buffer {
  if (!key) throw new Error(`the sealing key ${id} is missing`)
  return key
}

const placeOfCheck = (keyId: string): Place => ({
  table: 'settings',
  column: 'value',
  row: CHECK + keyId,
})

async function refuseWrongKeys(db: Database, set: KeySet, name: string): Promise<void> {
  const checks = await db.settings.findAll({
    where: { key: [...set.keys.keys()].map((id) => CHECK + id) },
  })
  for (const check of checks) {
    const id = check.key.slice(CHECK.length)
    try {
      openWith(present(set.keys.get(id), id), check.value, placeOfCheck(id))
    } catch (cause) {
      throw new Error(
        `the sealing key ${id} in ${name} is not the one that sealed this database; nothing was changed`,
        { cause },
      )
    }
  }
}

async function refuseMissingKeys(db: Database, set: KeySet, name: string): Promise<void> {
  for (const column of sealedColumns(db)) {
    const [value] = await column.find(notSealedWith([...set.keys.keys()]), 1)
    if (!value) continue
    throw new Error(
      `${column.table}.${column.column} is sealed with the key ${keyIdOf(value.sealed) ?? '(unreadable)'}, which ${name} lacks; nothing was changed`,
    )
  }
}

/** Leaves a value that only this key opens, before anything else is sealed with it. */
export async function writeCheck(db: Database, key: { id: string; key: Buffer }): Promise<void> {
  const place = placeOfCheck(key.id)
  if (await db.settings.findByPk(place.row)) return
  try {
    const value = sealWith(key.id, key.key, PLAIN_CHECK, place)
    await db.settings.create({ key: place.row, value })
  } catch (error) {
    // Another process of the same gateway was faster, with the same key.
    if (!(error instanceof UniqueConstraintError)) throw error
  }
}
