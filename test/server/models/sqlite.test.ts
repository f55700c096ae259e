import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../../server/models/database.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-sqlite-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('only its owner can read the file and the journal beside it', async () => {
  const file = join(folder, 'gatehouse.db')
  await writeFile(file, '')
  await chmod(file, 0o644)
  const db = await openDatabase(`sqlite:${file}`)
  await db.settings.create({ key: 'a', value: 'b' })
  const files = await readdir(folder)
  expect(files.sort()).toEqual(['gatehouse.db', 'gatehouse.db-shm', 'gatehouse.db-wal'])
  for (const name of files) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  await db.close()
})

test('every connection writes through to the disk and holds to foreign keys', async () => {
  const db = await openDatabase(`sqlite:${join(folder, 'gatehouse.db')}`)
  const pragma = async (name: string, options = {}) =>
    (await db.sequelize.query(`PRAGMA ${name}`, options))[0]
  expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }])
  await db.transaction(async (transaction) => {
    expect(await pragma('synchronous', { transaction })).toEqual([{ synchronous: 2 }])
    expect(await pragma('foreign_keys', { transaction })).toEqual({ foreign_keys: 1 })
  })
  await db.close()
})

test('a folder that does not exist is named, not made', async () => {
  const attempt = openDatabase(`sqlite:${join(folder, 'missing', 'gatehouse.db')}`)
  await expect(attempt).rejects.toThrow(/folder .*missing.* does not exist/)
  expect(await readdir(folder)).toEqual([])
})

test('a file that is no database is refused and left alone', async () => {
  const file = join(folder, 'notes.txt')
  await writeFile(file, 'these are my notes, and they are not a database at all\n'.repeat(100))
  const { size } = await stat(file)
  await expect(openDatabase(`sqlite:${file}`)).rejects.toThrow('cannot be opened')
  expect((await stat(file)).size).toBe(size)
})

test('a transaction must begin in the queue of writers', async () => {
  const db = await openDatabase(`sqlite:${join(folder, 'gatehouse.db')}`)
  await expect(db.sequelize.transaction()).rejects.toThrow('Database.transaction')
  const find = { where: { key: 'a' }, defaults: { key: 'a', value: 'b' } }
  const [row, made] = await db.transaction((transaction) =>
    db.settings.findOrCreate({ ...find, transaction }),
  )
  expect([row.value, made]).toEqual(['b', true])
  await db.close()
})
