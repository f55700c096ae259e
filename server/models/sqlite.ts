import { chmod, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Sequelize, Transaction } from 'sequelize'
import sqlite3 from 'sqlite3'

/** How long one statement waits for another process, a backup for example. */
const BUSY = 2_000

/** Sequelize opens a connection for each transaction; this is what every one of them starts with. */
class Connection extends sqlite3.Database {
  constructor(file: string, mode: number, opened: (error: Error | null) => void) {
    super(file, mode, (error) => {
      if (error) return opened(error)
      this.configure('busyTimeout', BUSY)
      // Before anything else: foreign keys cannot be turned on within a transaction.
      this.exec('PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL', opened)
    })
    // One statement after the other.
    this.serialize()
    // Sequelize closes without looking back; unheard, a failure of that would end the process.
    this.on('error', () => undefined)
  }
}

/** Known to Sequelize but not to its types: each connection turns them on itself, and says when it cannot. */
const unlisted = { foreignKeys: false }

export async function connectSqlite(url: string): Promise<Sequelize> {
  const path = url.slice('sqlite:'.length)
  if (path === '' || path.includes(':memory:')) throw new Error('sqlite: needs the path of a file')
  const file = resolve(path)
  const folder = await stat(dirname(file)).catch(() => undefined)
  if (!folder?.isDirectory()) throw new Error(`the folder of the database ${file} does not exist`)
  // The journal beside it gets the same mode from SQLite.
  const handle = await open(file, 'a', 0o600)
  await handle.close()
  await chmod(file, 0o600)

  const sequelize = new Sequelize({
    dialect: 'sqlite',
    dialectModule: { ...sqlite3, Database: Connection },
    storage: file,
    logging: false,
    ...unlisted,
    transactionType: Transaction.TYPES.IMMEDIATE,
  })
  try {
    await sequelize.query('PRAGMA journal_mode=WAL')
  } catch (cause) {
    await sequelize.close()
    throw new Error(`the database ${file} cannot be opened`, { cause })
  }
  return sequelize
}
