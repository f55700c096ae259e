import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible'
import type { Database } from '../models/database.ts'
import { AppError } from '../contract/errors.ts'

/** Slows down guessing, by where it comes from and by whom it is aimed at. */
export interface Lockout {
  /** Counts one knock at an open door. @throws AppError rate_limited */
  knock(source: string): Promise<void>
  /**
   * Counts an attempt at a person’s password before it is looked at, so that parallel guesses count
   * as well. The name need not exist. @throws AppError rate_limited while locked
   */
  attempt(name: string, source: string): Promise<void>
  /** The password was right: the count starts anew, and this source is known for this person. */
  succeeded(name: string, source: string): Promise<void>
  /** The attempt was never looked at, so it does not count. */
  forgive(name: string, source: string): Promise<void>
}

interface Options {
  readonly db: Pick<Database, 'dialect' | 'sequelize' | 'transaction'>
  readonly signInsPerMinute: number
}

const table = 'sign_in_limits'
const attempts = 10
const lockSeconds = 900
// As milliseconds it must fit a timer of the memory store (2^31).
const knownSeconds = 20 * 86_400

export async function openLockout({ db, signInsPerMinute }: Options): Promise<Lockout> {
  const create = (keyPrefix: string, points: number, duration: number, blockDuration = 0) =>
    createLimiter(db, { keyPrefix, points, duration, blockDuration })
  if (db.dialect === 'postgres') await createTable(db)
  const sources = create('source', signInsPerMinute, 60)
  const persons = create('person', attempts, lockSeconds, lockSeconds)
  const pairs = create('pair', attempts, lockSeconds, lockSeconds)
  const known = create('known', 1, knownSeconds)

  /** Where a person signed in before, others’ guesses do not lock them out; their own still count. */
  async function limiterFor(name: string, source: string) {
    const pair = keyOf(name, network(source))
    const isKnown = (await known.get(pair)) !== null
    return isKnown ? { limiter: pairs, key: pair } : { limiter: persons, key: keyOf(name) }
  }

  return {
    knock: (source) =>
      consume(sources, keyOf(network(source)), 'Too many attempts from this address'),
    async attempt(name, source) {
      const { limiter, key } = await limiterFor(name, source)
      await consume(limiter, key, 'Too many attempts for this name')
    },
    async succeeded(name, source) {
      const pair = keyOf(name, network(source))
      await Promise.all([
        persons.delete(keyOf(name)),
        pairs.delete(pair),
        known.set(pair, 1, knownSeconds),
      ])
    },
    async forgive(name, source) {
      const { limiter, key } = await limiterFor(name, source)
      await limiter.reward(key)
    },
  }
}

async function consume(limiter: RateLimiterAbstract, key: string, message: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1000))
    throw new AppError('rate_limited', `${message}; try again later`, { retryAfter })
  }
}

interface LimiterOptions {
  readonly keyPrefix: string
  readonly points: number
  readonly duration: number
  readonly blockDuration: number
}

/** In memory for the one process of a SQLite gateway, in a table that all processes share otherwise. */
function createLimiter(db: Options['db'], options: LimiterOptions): RateLimiterAbstract {
  const memory = new RateLimiterMemory(options)
  if (db.dialect === 'sqlite') return memory
  return new RateLimiterPostgres({
    ...options,
    storeClient: db.sequelize,
    storeType: 'sequelize',
    tableName: table,
    tableCreated: true,
    // Guessing stays slow while the database is away.
    insuranceLimiter: memory,
  })
}

/** By ourselves: the package’s own statement fails when two processes start at once. */
async function createTable(db: Options['db']): Promise<void> {
  await db.transaction(async (transaction) => {
    await db.sequelize.query(`SELECT pg_advisory_xact_lock(hashtext('${table}'))`, { transaction })
    await db.sequelize.query(
      `CREATE TABLE IF NOT EXISTS "${table}"
        (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint)`,
      { transaction },
    )
  })
}

/** Hashed, because neither names nor addresses have any business in a table of limits. */
const keyOf = (...parts: string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** One household or server owns a whole /64 of IPv6 addresses. */
function network(source: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(source)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(source)) return source
  const [head = '', tail] = (source.split('%')[0] ?? '').toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return groups
    .slice(0, 4)
    .map((it) => it.replace(/^0+(?=.)/, ''))
    .join(':')
}
