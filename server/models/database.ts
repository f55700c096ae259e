import { AsyncLocalStorage } from 'node:async_hooks'
import type { ModelStatic, QueryOptions, Sequelize, Transaction } from 'sequelize'
import { defineCheckpoints, type Checkpoint } from './checkpoint.ts'
import { defineClusters, type Cluster } from './cluster.ts'
import { defineEvents, type EventRow } from './event-row.ts'
import { defineGrants, type Grant } from './grant.ts'
import { definePersons, type Person } from './person.ts'
import { migrate } from './migrate.ts'
import { connectPostgres } from './postgres.ts'
import { defineProfiles, type Profile } from './profile.ts'
import { withoutValues } from './query-errors.ts'
import { defineSessions, type Session } from './session.ts'
import { defineSettings, type Setting } from './setting.ts'
import { connectSqlite } from './sqlite.ts'
import { WriterQueue } from './writer-queue.ts'

/** Every table, and the one way to write to several of them at once. */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres'
  readonly sequelize: Sequelize
  readonly persons: ModelStatic<Person>
  readonly sessions: ModelStatic<Session>
  readonly clusters: ModelStatic<Cluster>
  readonly profiles: ModelStatic<Profile>
  readonly grants: ModelStatic<Grant>
  readonly events: ModelStatic<EventRow>
  readonly checkpoints: ModelStatic<Checkpoint>
  readonly settings: ModelStatic<Setting>
  /** One transaction. Pass it to every call inside: a write without it throws at once. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Opens `sqlite:/path/to/file` or `postgres://…` and brings its tables up to date. */
export async function openDatabase(url: string): Promise<Database> {
  const dialect = url.startsWith('sqlite:') ? 'sqlite' : 'postgres'
  const sequelize = dialect === 'sqlite' ? await connectSqlite(url) : connectPostgres(url)
  const writers = guardWrites(sequelize, dialect)
  try {
    await writers.transaction((transaction) =>
      migrate({ tables: sequelize.getQueryInterface(), transaction }),
    )
  } catch (error) {
    await writers.close()
    throw error
  }
  return { dialect, sequelize, ...defineTables(sequelize), ...writers }
}

function defineTables(sequelize: Sequelize) {
  const tables = {
    persons: definePersons(sequelize),
    sessions: defineSessions(sequelize),
    clusters: defineClusters(sequelize),
    profiles: defineProfiles(sequelize),
    grants: defineGrants(sequelize),
    events: defineEvents(sequelize),
    checkpoints: defineCheckpoints(sequelize),
    settings: defineSettings(sequelize),
  }
  const { persons, sessions, clusters, profiles, grants } = tables
  sessions.belongsTo(persons, { as: 'person', foreignKey: 'personId' })
  profiles.belongsTo(clusters, { as: 'cluster', foreignKey: 'clusterId' })
  grants.belongsTo(persons, { as: 'person', foreignKey: 'personId' })
  grants.belongsTo(profiles, { as: 'profile', foreignKey: 'profileId' })
  grants.belongsTo(clusters, { as: 'cluster', foreignKey: 'clusterId' })
  return tables
}

const READS = /^\s*(select|pragma|explain)\b/i

/** Sends every write of this connection through one gate, whichever model it comes from. */
function guardWrites(sequelize: Sequelize, dialect: Database['dialect']) {
  const queue = dialect === 'sqlite' ? new WriterQueue() : undefined
  const queued = <T>(work: () => Promise<T>) => (queue ? queue.run(work) : work())
  const inside = new AsyncLocalStorage<{ open: boolean }>()
  const begin = sequelize.transaction.bind(sequelize)
  const send = sequelize.query.bind(sequelize) as Query

  const query: Query = (sql, options) => {
    if (options?.transaction) return withoutValues(send(sql, options))
    if (READS.test(typeof sql === 'string' ? sql : sql.query)) {
      return withoutValues(send(sql, options))
    }
    // On SQLite it would wait for its own caller; on PostgreSQL it would survive a rollback.
    if (inside.getStore()?.open) {
      return Promise.reject(new Error('a write inside a transaction must be given the transaction'))
    }
    return queued(() => withoutValues(send(sql, options)))
  }
  sequelize.query = query as typeof sequelize.query

  if (dialect === 'sqlite') {
    // findOrCreate opens a transaction of its own; a savepoint inside another one is harmless.
    sequelize.transaction = ((options?: { transaction?: Transaction | null }) =>
      options?.transaction
        ? begin(options)
        : Promise.reject(new Error('begin with Database.transaction'))) as typeof begin
  }

  return {
    async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
      if (inside.getStore()?.open) throw new Error('a transaction is already open here')
      const state = { open: true }
      try {
        return await queued(() => begin((transaction) => inside.run(state, work, transaction)))
      } finally {
        state.open = false
      }
    },
    close: () => queued(() => sequelize.close()),
  }
}

type Query = (sql: string | { query: string }, options?: QueryOptions | null) => Promise<unknown>
