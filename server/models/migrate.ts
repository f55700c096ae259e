import { DataTypes, QueryTypes, type QueryInterface, type Transaction } from 'sequelize'
import { Umzug, type UmzugStorage } from 'umzug'
import * as firstTables from '../migrations/0001-first-tables.ts'

interface MigrationContext {
  readonly tables: QueryInterface
  readonly transaction: Transaction
}

/**
 * In the order they run; a landed one never changes, a new one is added at the end. On SQLite only
 * `createTable`, `addColumn`, `addIndex` and plain SQL are safe: changing a column rebuilds its
 * table, and dropping the old one would cascade.
 */
const migrations = [firstTables]

const TABLE = 'migrations'

/** Any number that nobody else in this database locks. */
const LOCK = 7_346_221

/** Runs what is pending, all or nothing. Whoever comes second waits, and finds nothing to do. */
export async function migrate(context: MigrationContext): Promise<void> {
  const { tables, transaction } = context
  if (tables.sequelize.getDialect() === 'postgres') {
    await tables.sequelize.query(`SELECT pg_advisory_xact_lock(${LOCK})`, { transaction })
  }
  await tables.createTable(
    TABLE,
    {
      name: { type: DataTypes.STRING(128), primaryKey: true },
      at: { type: DataTypes.DATE, allowNull: false },
    },
    { transaction },
  )
  const umzug = new Umzug<MigrationContext>({
    migrations: migrations.map(({ name, up }) => ({ name, up })),
    context,
    storage,
    logger: undefined,
  })
  await umzug.up()
}

const storage: UmzugStorage<MigrationContext> = {
  async executed({ context: { tables, transaction } }) {
    const rows = await tables.sequelize.query<{ name: string }>(
      `SELECT name FROM ${TABLE} ORDER BY name`,
      { type: QueryTypes.SELECT, transaction },
    )
    return rows.map((row) => row.name)
  },
  async logMigration({ name, context: { tables, transaction } }) {
    await tables.bulkInsert(TABLE, [{ name, at: new Date() }], { transaction })
  },
  unlogMigration() {
    return Promise.reject(new Error('migrations only go forward'))
  },
}
