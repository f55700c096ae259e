import { setTimeout as wait } from 'node:timers/promises'
import { Op, QueryTypes, type Transaction } from 'sequelize'
import { AppError, conflict } from '../contract/errors.ts'
import type { Database } from './database.ts'
import { createKey, type KeySource } from './key-source.ts'
import { CHECK, writeCheck, type Sealing } from './sealing.ts'
import { sealedColumns, notSealedWith, type SealedColumn } from './sealed-columns.ts'

export interface Rotated {
  readonly keyId: string
  readonly rewrapped: number
}

const BATCH = 100

/** What was sealed just before the new key came is usually written within this time. */
const SETTLE = 1_000

/** More rounds than this means that some process seals with an old key all the time. */
const ROUNDS = 20

/**
 * Makes a new key, re-wraps every sealed value while everything goes on, and forgets the old keys
 * once nothing needs them. After a crash at any point it is simply run again.
 */
export function rotateKeys(
  db: Database,
  sealing: Sealing,
  source: KeySource,
  settle = SETTLE,
): Promise<Rotated> {
  return alone(db, async () => {
    const { write } = source
    if (!write) return { keyId: sealing.keyId, rewrapped: await moveToCurrent(db, sealing, source) }
    const next = createKey()
    await writeCheck(db, next)
    const keys = new Map(source.read().keys).set(next.id, next.key)
    write({ current: next.id, keys })

    let rewrapped = 0
    for (let round = 0; round < ROUNDS; round++) {
      rewrapped += await rewrapAll(db, sealing)
      await wait(settle)
      rewrapped += await rewrapAll(db, sealing)
      const forget = () => {
        // Never someone else's key, should they have come in between in spite of the lock.
        if (source.read().current !== next.id) throw conflict('Another rotation is running')
        write({ current: next.id, keys: new Map([[next.id, next.key]]) })
      }
      if (await forgetOldKeys(db, next.id, forget)) return { keyId: next.id, rewrapped }
    }
    throw new AppError('unavailable', 'Some values still arrive under an old key; rotate again')
  })
}

/** Without a place to write keys to, the operator adds and removes them. */
function moveToCurrent(db: Database, sealing: Sealing, source: KeySource): Promise<number> {
  if (source.read().keys.size > 1) return rewrapAll(db, sealing)
  throw conflict(
    `The sealing keys come from ${source.name}: add a second key there, name it as current, restart and rotate again; then remove the old one`,
  )
}

async function rewrapAll(db: Database, sealing: Sealing): Promise<number> {
  const { keyId } = sealing
  let rewrapped = 0
  for (const column of sealedColumns(db)) {
    for (;;) {
      const changed = await rewrapSome(db, sealing, column, keyId)
      rewrapped += changed
      if (changed === 0) break
    }
  }
  return rewrapped
}

async function rewrapSome(
  db: Database,
  sealing: Sealing,
  column: SealedColumn,
  keyId: string,
): Promise<number> {
  const values = await column.find(notSealedWith([keyId]), BATCH)
  if (values.length === 0) return 0
  return db.transaction(async (transaction) => {
    let changed = 0
    for (const value of values) {
      const next = rewrap(sealing, column, value)
      if (await column.replace(value, next, transaction)) changed++
    }
    return changed
  })
}

function rewrap(sealing: Sealing, column: SealedColumn, value: { row: string; sealed: string }) {
  try {
    return sealing.rewrap(value.sealed)
  } catch (cause) {
    const place = `${column.table}.${column.column} of ${value.row}`
    throw new Error(`${place} cannot be re-wrapped; the old key stays`, { cause })
  }
}

/** With every writer shut out, so that no value under an old key can be on its way. */
function forgetOldKeys(db: Database, keyId: string, forget: () => void): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const columns = sealedColumns(db)
    if (db.dialect === 'postgres') await lockTables(db, columns, transaction)
    for (const column of columns) {
      const left = await column.find(notSealedWith([keyId]), 1, transaction)
      if (left.length > 0) return false
    }
    const key = { [Op.like]: `${CHECK}%`, [Op.ne]: CHECK + keyId }
    await db.settings.destroy({ where: { key }, transaction })
    forget()
    return true
  })
}

async function lockTables(db: Database, columns: SealedColumn[], transaction: Transaction) {
  const names = [...new Set(columns.map(({ table }) => `"${table}"`))].sort()
  await db.sequelize.query(`LOCK TABLE ${names.join(', ')} IN SHARE MODE`, { transaction })
}

const rotating = new WeakSet<Database>()

/** Any number that nobody else in this database locks. */
const LOCK = 7_346_222

/** One rotation at a time: in this process, and on PostgreSQL among all of them. */
async function alone<T>(db: Database, work: () => Promise<T>): Promise<T> {
  if (rotating.has(db)) throw conflict('Another rotation is running')
  rotating.add(db)
  try {
    return await (db.dialect === 'postgres' ? underLock(db, work) : work())
  } finally {
    rotating.delete(db)
  }
}

async function underLock<T>(db: Database, work: () => Promise<T>): Promise<T> {
  // Held by a connection of its own, so that it ends with this process whatever happens.
  const holder = await db.sequelize.transaction()
  try {
    const [answer] = await db.sequelize.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(${LOCK}) AS locked`,
      { type: QueryTypes.SELECT, transaction: holder },
    )
    if (!answer?.locked) throw conflict('Another rotation is running')
    return await work()
  } finally {
    await holder.rollback()
  }
}
