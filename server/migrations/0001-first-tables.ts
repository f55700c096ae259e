import { DataTypes, type QueryInterface, type Transaction } from 'sequelize'

interface MigrationContext {
  readonly tables: QueryInterface
  readonly transaction: Transaction
}

export const name = '0001-first-tables'

const required = (type: string | ReturnType<typeof DataTypes.STRING>) => ({
  type,
  allowNull: false,
})
const text = { type: DataTypes.TEXT, allowNull: true }
const moment = { type: DataTypes.DATE, allowNull: true }
const count = { type: DataTypes.INTEGER, allowNull: false }
const id = { type: DataTypes.STRING(36), primaryKey: true }
const slug = { type: DataTypes.STRING(63), primaryKey: true }

/** A column that goes with the row it names. */
const owner = (table: string, length: number) => ({
  type: DataTypes.STRING(length),
  allowNull: false,
  references: { model: table, key: 'id' },
  onDelete: 'CASCADE',
})

export async function up({ context }: { context: MigrationContext }): Promise<void> {
  await accounts(context)
  await clusters(context)
  await chains(context)
}

async function accounts({ tables, transaction }: MigrationContext): Promise<void> {
  await tables.createTable(
    'persons',
    {
      id,
      name: { ...required(DataTypes.STRING(128)), unique: true },
      passwordHash: required(DataTypes.STRING(255)),
      admin: { type: DataTypes.BOOLEAN, allowNull: false },
      disabledAt: moment,
      createdAt: { ...moment, allowNull: false },
    },
    { transaction },
  )
  await tables.createTable(
    'sessions',
    {
      id,
      personId: owner('persons', 36),
      device: required(DataTypes.STRING(100)),
      kind: required(DataTypes.STRING(16)),
      createdAt: { ...moment, allowNull: false },
      lastUsedAt: { ...moment, allowNull: false },
      expiresAt: { ...moment, allowNull: false },
      revokedAt: moment,
      refreshSecret: { ...text, allowNull: false },
      generation: count,
      rotatedAt: moment,
    },
    { transaction },
  )
  await tables.addIndex('sessions', ['personId'], { transaction })
}

async function clusters({ tables, transaction }: MigrationContext): Promise<void> {
  await tables.createTable(
    'clusters',
    {
      id: slug,
      name: required(DataTypes.STRING(100)),
      address: required(DataTypes.STRING(2048)),
      caPem: text,
      serverName: { type: DataTypes.STRING(253), allowNull: true },
      proxyUrl: text,
      keeper: text,
      keeperNamespace: { type: DataTypes.STRING(63), allowNull: true },
      createdAt: { ...moment, allowNull: false },
      updatedAt: { ...moment, allowNull: false },
      revision: count,
    },
    { transaction },
  )
  await tables.createTable(
    'profiles',
    {
      id,
      clusterId: owner('clusters', 63),
      name: required(DataTypes.STRING(63)),
      kind: required(DataTypes.STRING(16)),
      credential: text,
      serviceAccountNamespace: { type: DataTypes.STRING(63), allowNull: true },
      serviceAccountName: { type: DataTypes.STRING(253), allowNull: true },
      identity: text,
      expiresAt: moment,
      generation: count,
      createdAt: { ...moment, allowNull: false },
    },
    { transaction },
  )
  await tables.addIndex('profiles', ['clusterId', 'name'], { unique: true, transaction })
  await tables.createTable(
    'grants',
    {
      id,
      personId: owner('persons', 36),
      profileId: owner('profiles', 36),
      clusterId: owner('clusters', 63),
      scope: { type: DataTypes.JSON, allowNull: false },
      expiresAt: moment,
      createdAt: { ...moment, allowNull: false },
      createdBy: required(DataTypes.STRING(36)),
    },
    { transaction },
  )
  await tables.addIndex('grants', ['personId', 'clusterId'], { transaction })
  await tables.addIndex('grants', ['profileId'], { transaction })
  await tables.addIndex('grants', ['clusterId'], { transaction })
}

async function chains({ tables, transaction }: MigrationContext): Promise<void> {
  const link = {
    writer: { type: DataTypes.STRING(64), primaryKey: true },
    sequence: { type: DataTypes.BIGINT, primaryKey: true },
    at: { ...moment, allowNull: false },
    hash: required(DataTypes.STRING(64)),
  }
  await tables.createTable(
    'events',
    {
      ...link,
      phase: required(DataTypes.STRING(16)),
      id: required(DataTypes.STRING(64)),
      action: { ...text, allowNull: false },
      result: required(DataTypes.STRING(16)),
      personName: text,
      sessionId: text,
      cluster: text,
      namespace: text,
      resource: text,
      verb: text,
      body: { ...text, allowNull: false },
      previousHash: required(DataTypes.STRING(64)),
    },
    { transaction },
  )
  await tables.addIndex('events', ['at'], { transaction })
  await tables.addIndex('events', ['id'], { transaction })
  // Every call pays for every index. Other filters are read by time, mostly within one of these.
  for (const column of ['personName', 'cluster']) {
    await tables.addIndex('events', [column, 'at'], { transaction })
  }
  await tables.createTable(
    'checkpoints',
    { ...link, signature: { ...text, allowNull: false }, keyId: required(DataTypes.STRING(64)) },
    { transaction },
  )
  await tables.createTable(
    'settings',
    {
      key: { type: DataTypes.STRING(128), primaryKey: true },
      value: { ...text, allowNull: false },
    },
    { transaction },
  )
}
