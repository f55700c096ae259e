import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import type { Transaction } from 'sequelize'
import type { Database } from '../models/database.ts'

const key = 'set-up-code'
// Crockford's: none of them looks like another.
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 20

/**
 * While no person exists, makes a new code (100 bits) and returns it to be printed once; what is
 * stored is its hash. A code from an earlier start is worth nothing any more.
 */
export async function openSetUp(db: Database): Promise<string | undefined> {
  const code = Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
  const isOpen = await db.transaction(async (transaction) => {
    if ((await db.persons.count({ transaction })) > 0) {
      await db.settings.destroy({ where: { key }, transaction })
      return false
    }
    await db.settings.upsert({ key, value: hashOf(code) }, { transaction })
    return true
  })
  return isOpen ? (code.match(/.{5}/g) ?? []).join('-') : undefined
}

/** A look only; the code is spent by `spendSetUpCode`. */
export async function isSetUpCode(db: Database, code: string): Promise<boolean> {
  const setting = await db.settings.findByPk(key)
  // Compared with something in any case, so that a missing code takes as long.
  const stored = setting?.value ?? hashOf('')
  const isEqual = timingSafeEqual(Buffer.from(hashOf(code)), Buffer.from(stored))
  return isEqual && setting !== null
}

/** Spends the code as part of the transaction that makes the administrator: only one can. */
export async function spendSetUpCode(
  db: Database,
  code: string,
  transaction: Transaction,
): Promise<boolean> {
  const spent = await db.settings.destroy({ where: { key, value: hashOf(code) }, transaction })
  return spent === 1
}

/** A fast hash is enough for 100 random bits. */
const hashOf = (code: string) => createHash('sha256').update(plain(code)).digest('hex')

/** As people type it: with or without dashes, in any case, with look-alikes. */
const plain = (code: string) =>
  code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
