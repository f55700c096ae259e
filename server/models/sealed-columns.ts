import { Op, type Model, type ModelStatic, type Transaction, type WhereOptions } from 'sequelize'
import { AppError } from '../contract/errors.ts'
import type { Database } from './database.ts'
import { keyIdOf } from './envelope.ts'
import type { KeySet } from './key-source.ts'

/** One column that holds sealed values only. */
export interface SealedColumn {
  readonly table: string
  readonly column: string
  find(condition: object, limit: number, transaction?: Transaction): Promise<SealedValue[]>
  /** False when someone else has changed the value meanwhile; theirs stays. */
  replace(value: SealedValue, next: string, transaction: Transaction): Promise<boolean>
}

export interface SealedValue {
  readonly row: string
  readonly sealed: string
}

const columnsOf = (db: Database): [ModelStatic<Model>, string][] => [
  [db.sessions, 'refreshSecret'],
  [db.clusters, 'proxyUrl'],
  [db.clusters, 'keeper'],
  [db.profiles, 'credential'],
]

export const sealedColumns = (db: Database): SealedColumn[] =>
  columnsOf(db).map(([model, column]) => ({
    table: model.tableName,
    column,
    async find(condition, limit, transaction) {
      const rows = await model.findAll({
        attributes: ['id', column],
        where: { [column]: condition },
        order: [['id', 'ASC']],
        limit,
        ...(transaction && { transaction }),
      })
      return rows.map((row) => ({ row: String(row.get('id')), sealed: String(row.get(column)) }))
    },
    async replace({ row, sealed }, next, transaction) {
      const where: WhereOptions = { id: row, [column]: sealed }
      // Silent: the row means what it meant, so its own time of change stays.
      const [changed] = await model.update({ [column]: next }, { where, transaction, silent: true })
      return changed > 0
    },
  }))

/** A condition for a sealed column. Key ids hold no character that LIKE would read as a pattern. */
export const notSealedWith = (keyIds: readonly string[]) => ({
  [Op.and]: keyIds.map((id) => ({ [Op.notLike]: `gh1.${id}.%` })),
})

const HOOK = 'sealed columns'

/** Lets nothing into a sealed column that is not sealed with a key of today. */
export function guardSealedColumns(db: Database, keys: () => KeySet): void {
  for (const [model, column] of columnsOf(db)) {
    const name = `${HOOK} ${column}`
    const check = (value: unknown) => {
      if (typeof value === 'string') refuseUnsealed(value, `${model.tableName}.${column}`, keys)
    }
    const checkRow = (row: Model) => {
      if (row.isNewRecord || changes(row).includes(column)) check(row.get(column))
    }
    const checkValues = (values: unknown) => check((values as Record<string, unknown>)[column])
    for (const hook of ['beforeSave', 'beforeBulkCreate', 'beforeBulkUpdate', 'beforeUpsert']) {
      model.removeHook(hook as 'beforeSave', name)
    }
    model.addHook('beforeSave', name, checkRow)
    model.addHook('beforeBulkCreate', name, (rows) => rows.forEach(checkRow))
    model.addHook('beforeBulkUpdate', name, (options: object) =>
      checkValues('attributes' in options ? options.attributes : {}),
    )
    model.addHook('beforeUpsert', name, checkValues)
  }
}

const changes = (row: Model): string[] => row.changed() || []

function refuseUnsealed(value: string, place: string, keys: () => KeySet): void {
  const id = keyIdOf(value)
  if (!id) throw new Error(`${place} holds sealed values only`)
  // Sealed before a rotation and written after its end: the key is gone, so would the value be.
  if (!keys().keys.has(id)) {
    throw new AppError('unavailable', 'The sealing key was replaced at this moment; try again')
  }
}
